package dev.holdfast.app;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * Keeps the heap near the size of its live objects. The serial collector lets the old generation grow to the heap's limit
 * before it collects it, and no option sets a softer limit: a daemon of 70 MB of live objects keeps 750 MB. Other collectors
 * need no help, and get none.
 *
 * <p>The JVM notifies of a generation that exceeds its threshold at the end of the collection that filled it. A look every
 * second came too late: a plan of a large stack adds 40 MB in this time.
 */
final class HeapTrimmer {
    private static final String OLD_GENERATION = "Tenured Gen";
    private static final long LEAST = 40L << 20;

    private final Optional<MemoryPoolMXBean> oldGeneration = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals(OLD_GENERATION))
            .findFirst();
    private final NotificationListener listener = (notification, none) -> collect();

    /** From now on, the old generation is collected when it has grown by a quarter since its last collection. */
    void start() {
        oldGeneration.ifPresent(pool -> {
            emitter().addNotificationListener(listener, HeapTrimmer::isOfOldGeneration, null);
            await(pool);
        });
    }

    void stop() {
        oldGeneration.ifPresent(pool -> {
            pool.setUsageThreshold(0);
            try {
                emitter().removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                // It was never started.
            }
        });
    }

    private void collect() {
        oldGeneration.ifPresent(pool -> {
            System.gc();
            await(pool);
        });
    }

    private static void await(MemoryPoolMXBean pool) {
        pool.setUsageThreshold(Math.min(
                threshold(pool.getCollectionUsage().getUsed()), pool.getUsage().getMax()));
    }

    private static NotificationEmitter emitter() {
        return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    }

    private static boolean isOfOldGeneration(Notification notification) {
        return notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)
                && MemoryNotificationInfo.from((CompositeData) notification.getUserData())
                        .getPoolName()
                        .equals(OLD_GENERATION);
    }

    /** @param live the size after the last collection, in bytes; 0 before the first */
    static long threshold(long live) {
        return Math.max(LEAST, live + live / 4);
    }
}
