package dev.holdfast.engine;

import dev.holdfast.engine.Observer.KindRead;
import dev.holdfast.engine.Observer.KindRegion;
import dev.holdfast.engine.OrphanSearch.SearchExtent;
import dev.holdfast.model.Fault;
import io.opentelemetry.api.trace.Span;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads that were begun together. */
final class ReadBatch {
    final boolean full;
    final SearchExtent search;
    final Instant begunAt;
    final long begun;
    /** Compared by identity, because a comparison of all resources of a read would be slow. */
    final Set<KindRead> unread = Collections.newSetFromMap(new IdentityHashMap<>());

    final Map<KindRegion, Fault> unsearched = new TreeMap<>();
    final Span span;

    ReadBatch(boolean full, SearchExtent search, Instant begunAt, long begun, Span span) {
        this.full = full;
        this.search = search;
        this.begunAt = begunAt;
        this.begun = begun;
        this.span = span;
    }
}
