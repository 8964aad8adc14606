package dev.holdfast.app;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;

/**
 * Keeps the heap near the size of its live objects. The serial collector lets the old generation grow to the heap's limit
 * before it collects it, and no option sets a softer limit: a daemon of 70 MB of live objects keeps 750 MB. Other collectors
 * need no help, and get none.
 */
final class HeapTrimmer {
    private static final long LEAST = 40L << 20;

    private final Optional<MemoryPoolMXBean> oldGeneration = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Tenured Gen"))
            .findFirst();

    /** Collects if the old generation has grown by a quarter since its last collection. */
    void trim() {
        oldGeneration
                .filter(pool -> isDue(
                        pool.getUsage().getUsed(), pool.getCollectionUsage().getUsed()))
                .ifPresent(pool -> System.gc());
    }

    /** @param live the size after the last collection; 0 before the first */
    static boolean isDue(long used, long live) {
        return used > LEAST && used > live + live / 4;
    }
}
