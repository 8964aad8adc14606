package dev.holdfast.engine;

import dev.holdfast.model.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A world in which the first read of a resource after its update takes until the engine has published a view. */
final class HeldRead {
    final World world = new World();
    private final String resource;
    private final String update;
    private final String read;
    private final CountDownLatch published = new CountDownLatch(1);
    private volatile boolean armed;
    private volatile boolean updated;
    /** The view when the read began; null while no read is held. */
    private volatile @Nullable StackView before;

    private volatile @Nullable Status shown;

    /**
     * @param update a text in the answer to the update
     * @param read a text in the answer to the read
     */
    HeldRead(String resource, String update, String read) {
        this.resource = resource;
        this.update = update;
        this.read = read;
        new Spans(this::ended).of(world).answeredThrough(this::answer);
    }

    /** The next update is the one after which the read is held. */
    void arm() {
        armed = true;
    }

    /** The status of the resource while its read was held; null if no read was held. */
    @Nullable
    Status shown() {
        return shown;
    }

    /** Not every plan publishes a view. */
    private void ended(String span) {
        if (before == null || shown != null || !span.equals("guard")) {
            return;
        }
        if (world.view() == before) {
            requestPlan();
        } else {
            shown = world.status(resource);
            published.countDown();
        }
    }

    private void requestPlan() {
        world.retry(resource);
    }

    private String answer(String body) {
        if (armed && body.contains(update)) {
            armed = false;
            updated = true;
        } else if (updated && body.contains(read)) {
            updated = false;
            before = world.view();
            requestPlan();
            await();
        }
        return body;
    }

    private void await() {
        try {
            if (!published.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no view was published");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
