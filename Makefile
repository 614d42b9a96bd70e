# The targets are in make.py, which also works without make: `make help` lists them.
PYTHON ?= python3
.DEFAULT_GOAL := help
unexport PYTHONSAFEPATH  # with it, Python would not find this folder's modules
# variables are passed on as they are written, whatever they contain
$(foreach name,BASE IMAGE MNIST_FILE SEED SHOW,$(if $(value $(name)),$(eval override export $(name) := $$(value $(name)))))

%: always
	@$(PYTHON) make.py $@

always Makefile: ;
.PHONY: always
