/** Reads a picture file: upright, on white paper, shrunk to a workable size. Files that are too large are refused. */

import { context } from "#paint";

/** @typedef {{ canvas: HTMLCanvasElement, scale: number, width: number, height: number }} Picture the file's size, upright */
/** @typedef {import("#pieces").Box} Box */

const MOST_BYTES = 100_000_000; // of a file
const MOST_PIXELS = 120_000_000; // of a picture; known before it is decoded
const KEPT_PIXELS = 4_000_000; // after shrinking
const SMALLEST = 112; // pixels: a picture with a shorter side than this is enlarged

/**
 * A file's picture. Its scale is the number of file pixels on the side of one of its pixels.
 * @param {File} file
 * @returns {Promise<Picture>}
 * @throws {RangeError} with a message for the user
 */
export async function readPicture(file) {
  if (file.size > MOST_BYTES) {
    throw new RangeError(`${file.name} has ${megas(file.size)} MB, expected ${megas(MOST_BYTES)} at most: shrink it.`);
  }
  const address = URL.createObjectURL(file);
  try {
    return pixelsOf(await loaded(file, address), file.name);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @param {number} number */
const megas = (number) => Math.ceil(number / 1_000_000);

/**
 * @param {File} file
 * @param {string} address
 * @returns {Promise<HTMLImageElement>}
 */
function loaded(file, address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    const refusal = new RangeError(`This browser cannot read ${file.name} as a picture. Expected PNG, JPEG or WebP.`);
    image.onload = () => (image.naturalWidth && image.naturalHeight ? resolve(image) : reject(refusal));
    image.onerror = () => reject(refusal);
    image.src = address;
  });
}

/**
 * @param {HTMLImageElement} image
 * @param {string} name
 * @returns {Picture}
 */
function pixelsOf(image, name) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const pixels = width * height;
  if (pixels > MOST_PIXELS) {
    throw new RangeError(`${name} has ${megas(pixels)} megapixels, expected ${megas(MOST_PIXELS)} at most: shrink it.`);
  }
  const scale = Math.ceil(Math.sqrt(pixels / KEPT_PIXELS));
  return { canvas: painted(image, Math.ceil(width / scale), Math.ceil(height / scale)), scale, width, height };
}

/**
 * A picture whose shorter side has enough pixels to find ink in, enlarged if necessary.
 * @param {Picture} picture
 * @returns {Picture}
 */
export function enlarged(picture) {
  const { canvas, scale } = picture;
  const { width, height } = canvas;
  const most = Math.floor(Math.sqrt(KEPT_PIXELS / (width * height)));
  const factor = Math.min(Math.ceil(SMALLEST / Math.min(width, height)), most);
  if (factor <= 1) return picture;
  return { ...picture, canvas: painted(canvas, factor * width, factor * height), scale: scale / factor };
}

/**
 * A picture on a canvas, on white where it is transparent.
 * @param {CanvasImageSource} image
 * @param {number} width
 * @param {number} height
 */
export function painted(image, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const paper = context(canvas);
  paper.fillStyle = "white";
  paper.fillRect(0, 0, width, height);
  paper.imageSmoothingQuality = "high";
  paper.drawImage(image, 0, 0, width, height);
  return canvas;
}

/**
 * All pixels of a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function pixelsIn(canvas) {
  return context(canvas).getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * The smallest box in the file's pixels that holds a box of the picture.
 * @param {Picture} picture
 * @param {Box} box
 * @returns {Box}
 */
export function boxInFile({ scale, width, height }, { left, top, right, bottom }) {
  return {
    left: Math.floor(scale * left),
    top: Math.floor(scale * top),
    right: Math.min(Math.ceil(scale * right), width),
    bottom: Math.min(Math.ceil(scale * bottom), height),
  };
}
