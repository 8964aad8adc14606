package dev.holdfast.api;

import dev.holdfast.engine.StackView;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.EntityTag;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tag for each view of a stack, so that the answer to a repeated request is cheap while the view is the same. Safe
 * for use by many threads.
 */
@Singleton
public class ViewTags {
    /** The part of the tag that names this process, because another process has other views under the same numbers. */
    private final String process = UUID.randomUUID().toString().substring(0, 8);

    private final Map<String, TaggedView> last = new ConcurrentHashMap<>();

    private record TaggedView(StackView view, long number) {}

    /** @param about the part of the view that is sent; each part has its own tag */
    EntityTag of(StackView view, String about) {
        long number = last.compute(
                        view.name(),
                        (name, before) -> before == null
                                ? new TaggedView(view, 1)
                                : before.view() == view ? before : new TaggedView(view, before.number() + 1))
                .number();
        return new EntityTag(process + "-" + number + "-" + Integer.toHexString(about.hashCode()));
    }
}
