# Every target is in make.py, which needs no make: `make help` lists them.
PYTHON ?= python3
.DEFAULT_GOAL := help
unexport PYTHONSAFEPATH  # which would hide this folder's modules
# what is given goes on as it is written, whatever is in it
$(foreach name,BASE IMAGE MNIST_FILE SEED SHOW,$(if $(value $(name)),$(eval override export $(name) := $$(value $(name)))))

%: always
	@$(PYTHON) make.py $@

always Makefile: ;
.PHONY: always
