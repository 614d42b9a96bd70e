"""Where MNIST comes from: hosts, downloads, archives. Only `fetch` may use it, and only this room uses the network."""
