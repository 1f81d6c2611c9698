import java.awt.Component;
import java.awt.Container;
import java.awt.Graphics;
import java.awt.Window;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import javax.swing.SwingUtilities;

/** What the windows of this JVM show, and fingers for them. Everything happens on the thread that Swing wants. */
final class Screen {
    private static final long MOST_SECONDS = 60;
    private static final long LOOK_MILLIS = 100;

    private Screen() {}

    /** Something that failed in the window. */
    static final class NotShown extends Exception {
        private static final long serialVersionUID = 1L;

        NotShown(String what) {
            super(what);
        }
    }

    static <T> T onSwing(Callable<T> work) throws Exception {
        AtomicReference<T> result = new AtomicReference<>();
        AtomicReference<Exception> failure = new AtomicReference<>();
        SwingUtilities.invokeAndWait(() -> {
            try {
                result.set(work.call());
            } catch (Exception failed) {
                failure.set(failed);
            }
        });
        if (failure.get() != null) {
            throw failure.get();
        }
        return result.get();
    }

    /** Does not wait: a click may open a dialog that stays until it is closed. */
    static void soon(Runnable work) {
        SwingUtilities.invokeLater(work);
    }

    static void each(Component root, Consumer<Component> visitor) {
        visitor.accept(root);
        if (root instanceof Container container) {
            for (Component child : container.getComponents()) {
                each(child, visitor);
            }
        }
    }

    /** All that are shown in {@code root}, top-down. */
    static <T extends Component> List<T> in(Component root, Class<T> type, Predicate<T> wanted) {
        List<T> found = new ArrayList<>();
        each(root, component -> {
            if (type.isInstance(component) && component.isShowing() && wanted.test(type.cast(component))) {
                found.add(type.cast(component));
            }
        });
        return found;
    }

    /** All that are shown in any window. */
    static <T extends Component> List<T> all(Class<T> type, Predicate<T> wanted) throws Exception {
        return onSwing(() -> {
            List<T> found = new ArrayList<>();
            for (Window window : Window.getWindows()) {
                if (window.isShowing()) {
                    found.addAll(in(window, type, wanted));
                }
            }
            return found;
        });
    }

    /** The first that is shown, as soon as it is. */
    static <T extends Component> T await(Class<T> type, Predicate<T> wanted, String what) throws Exception {
        return await(() -> all(type, wanted).stream().findFirst().orElse(null), what);
    }

    /** The first result that is not null. */
    static <T> T await(Callable<T> look, String what) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (true) {
            T seen = look.call();
            if (seen != null) {
                return seen;
            }
            if (System.nanoTime() - end > 0) {
                throw new NotShown("not shown within " + MOST_SECONDS + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Paints a window into a PNG. */
    static void picture(Window window, Path file) throws Exception {
        onSwing(() -> {
            BufferedImage image =
                    new BufferedImage(window.getWidth(), window.getHeight(), BufferedImage.TYPE_INT_RGB);
            Graphics graphics = image.getGraphics();
            window.paint(graphics);
            graphics.dispose();
            if (!ImageIO.write(image, "png", file.toFile())) {
                throw new IOException("no PNG writer");
            }
            return null;
        });
    }
}
