package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Rectangle;
import java.util.List;

import org.junit.jupiter.api.Test;

/** Where windows go, and how large. */
class WindowsTest {

	private static final Rectangle SCREEN = new Rectangle(0, 0, 1000, 800);

	private static Rectangle place(final Rectangle window, final Rectangle... others) {
		return Windows.place(window, List.of(others), SCREEN);
	}

	@Test
	void besideWhatIsThere() {
		final Rectangle photo = new Rectangle(100, 50, 300, 200);
		assertEquals(new Rectangle(404, 50, 300, 200), place(new Rectangle(110, 60, 300, 200), photo));
		final Rectangle wide = new Rectangle(100, 50, 800, 200);
		assertEquals(new Rectangle(100, 254, 300, 200), place(new Rectangle(110, 60, 300, 200), wide));
		final Rectangle tall = new Rectangle(600, 50, 300, 700);
		assertEquals(new Rectangle(296, 50, 300, 200), place(new Rectangle(610, 60, 300, 200), tall));
		final Rectangle free = new Rectangle(500, 60, 300, 200);
		assertEquals(free, place(free, photo), "stays where it hides nothing");
	}

	/** Never off the screen, never over another: else ImageJ's own place is as good. */
	@Test
	void whereItIsIfThereIsNoRoom() {
		final Rectangle window = new Rectangle(110, 60, 600, 500);
		assertEquals(window, place(window, new Rectangle(100, 50, 700, 600)));
		assertEquals(new Rectangle(704, 50, 200, 100), place(new Rectangle(110, 60, 200, 100),
			new Rectangle(100, 50, 300, 700), new Rectangle(404, 50, 296, 700)));
	}

	@Test
	void smallImagesOpenEnlarged() {
		assertEquals(16, EnlargedImage.factor(17, 17));
		assertEquals(8, EnlargedImage.factor(9, 33));
		assertEquals(1, EnlargedImage.factor(640, 480));
	}
}
