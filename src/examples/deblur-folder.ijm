// Deblurs all images of a folder. In Fiji or ImageJ: drag this file onto the window, press Run, choose two
// folders. Without a screen: give them as the macro's argument, separated by a comma.
// What run() takes are the names that the macro recorder writes; those left out have their default values.

argument = getArgument();
if (argument == "") {
	from = getDirectory("Folder of blurry images");
	to = getDirectory("Folder for the results");
} else {
	folders = split(argument, ",");
	from = folders[0];
	to = folders[1];
}
if (!endsWith(from, "/")) from = from + "/";
if (!endsWith(to, "/")) to = to + "/";

setBatchMode(true);
files = getFileList(from);
for (i = 0; i < files.length; i++) {
	if (endsWith(files[i], "/")) continue; // a folder
	showProgress(i, files.length);
	open(from + files[i]);
	run("Blind Deconvolution...", "model=camera-shake size=auto restoration=sparse strength=1");
	saveAs("Tiff", to + getTitle());
	selectImage("kernel-" + files[i]);
	saveAs("Tiff", to + getTitle());
	close("*");
}
