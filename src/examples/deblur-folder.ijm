// Deblurs all images of a folder, as Plugins > Deblur > Deblur Folder... does: an example of how to do it by hand.
// In Fiji or ImageJ: drag this file onto the window, press Run, choose two folders. Without a screen: give them as
// the macro's argument, separated by a comma. No file is ever replaced, and what fails is listed at the end.
// What run() takes are the names that the macro recorder writes; those left out have their default values.

folders = askedFor(getArgument());
from = folders[0];
to = folders[1];
if (File.getParent(from + "x") == File.getParent(to + "x"))
	exit("The folder for the results must be another than " + from);
files = getFileList(from);
setBatchMode(true);
count = 0;
failed = "";
for (i = 0; i < files.length; i++) {
	if (endsWith(files[i], "/")) continue; // a folder
	count++;
	showProgress(i, files.length);
	why = deblur(from, files[i], to);
	if (why != "") failed = failed + "\n    " + files[i] + ": " + why;
	close("*");
}
if (count == 0) exit("There are no files in " + from);
if (failed == "") print(count + " of " + count + " files deblurred, into " + to);
else print("Not all of the " + count + " files in " + from + " were deblurred:" + failed);

/* Returns why it failed; nothing if it did not. */
function deblur(from, name, to) {
	result = name;
	if (!endsWith(toLowerCase(name), ".tif")) result = name + ".tif"; // 1.png and 1.jpg are two images
	if (File.exists(to + "deblurred-" + result) || File.exists(to + "kernel-" + result))
		return "there is a result already, deblurred-" + result + " or kernel-" + result;
	if (isText(from + name)) return "this is not an image"; // open() would show it in an editor
	// after this, the next error goes to the log, and does not end the macro
	IJ.redirectErrorMessages();
	open(from + name);
	if (nImages == 0) return "this is not an image, or of a kind that ImageJ cannot read";
	rename(result);
	IJ.redirectErrorMessages();
	run("Blind Deconvolution...", "model=camera-shake size=auto restoration=learned strength=1");
	why = call("io.github.learningtodeblur.command.CommandPlugIn.lastError");
	if (why != "") return why;
	saveAs("Tiff", to + getTitle()); // the deblurred image is the active one
	selectImage("kernel-" + result);
	saveAs("Tiff", to + getTitle());
	return "";
}

/* Whether a file begins like a text. So do images in the formats FITS and PNM. */
function isText(file) {
	start = File.openAsRawString(file, 500);
	if (matches(substring(start, 0, minOf(6, lengthOf(start))), "SIMPLE|P[1-7]\\s.*|")) return false;
	for (k = 0; k < lengthOf(start); k++) {
		c = charCodeAt(start, k);
		if (c < 32 && c != 9 && c != 10 && c != 13) return false;
	}
	return true;
}

/* Two folders, from an argument or from the user. Names of folders may contain commas, too. */
function askedFor(argument) {
	if (argument == "")
		return newArray(getDirectory("Folder of blurry images"), getDirectory("Folder for the results"));
	found = newArray(0);
	for (comma = 0; comma < lengthOf(argument); comma++) {
		if (substring(argument, comma, comma + 1) != ",") continue;
		left = withSlash(substring(argument, 0, comma));
		right = withSlash(substring(argument, comma + 1));
		if (File.isDirectory(left) && File.isDirectory(right)) found = Array.concat(found, newArray(left, right));
	}
	if (found.length != 2)
		exit("The argument must be two folders that exist, separated by a comma: the blurry images, the results. Got \"" +
			argument + "\"");
	return found;
}

function withSlash(folder) {
	folder = String.trim(folder);
	if (endsWith(folder, "/") || endsWith(folder, "\\")) return folder;
	return folder + "/";
}
