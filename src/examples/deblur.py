#@ File (label = "Blurry image") input
#@ File (label = "Kernel image") psf
#@ File (label = "Save the deblurred image as", style = "save") output
#@ CommandService commands
#@output String title

# Jython. Fiji: File > Open, then Run. Without a screen: fiji --headless --run deblur.py "input='...', ..."
# Commands go by their names here: Python takes "import io.github..." for its own module io.

from ij import IJ

image = IJ.openImage(input.path)
kernel = IJ.openImage(psf.path)
module = commands.run("io.github.learningtodeblur.command.NonBlindDeconvolution", True,
	["image", image, "kernel", kernel, "restoration", "richardson-lucy", "strength", 0.5]).get()
if module.isCanceled():
	raise RuntimeError(module.getCancelReason())

deblurred = module.getOutput("deblurred")
title = deblurred.title
IJ.saveAsTiff(deblurred, output.path)
