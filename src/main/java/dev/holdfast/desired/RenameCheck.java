package dev.holdfast.desired;

import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the former ids of renamed resources: lifecycle.id in the form {@code Kind/name}. */
final class RenameCheck {
    private final Collection<ResourceDraft> drafts;
    private final List<Problem> problems;

    RenameCheck(Collection<ResourceDraft> drafts, List<Problem> problems) {
        this.drafts = drafts;
        this.problems = problems;
    }

    void check() {
        Map<ResourceId, ResourceDraft> desired = new HashMap<>();
        Set<String> kinds = new HashSet<>();
        drafts.forEach(draft -> {
            desired.put(draft.id(), draft);
            kinds.add(draft.id().kind());
        });
        Map<ResourceId, ResourceDraft> takers = new HashMap<>();
        for (ResourceDraft draft : drafts) {
            LocatedJson value = id(draft);
            ResourceId former = value == null || value.text() == null ? null : id(value.text());
            if (value == null || former == null || !kinds.contains(former.kind())) {
                continue;
            }
            if (former.kind().equals(draft.id().kind())) {
                former(draft, former, value, desired.get(former), takers.putIfAbsent(former, draft));
            } else {
                problems.add(value.location()
                        .problem(
                                draft.id() + " cannot take over the object of " + former
                                        + ", because it has another kind",
                                "give the former id of the resource, as in "
                                        + draft.id().kind() + "/name"));
            }
        }
    }

    private void former(
            ResourceDraft draft,
            ResourceId former,
            LocatedJson value,
            @Nullable ResourceDraft still,
            @Nullable ResourceDraft other) {
        if (still != null) {
            problems.add(value.location()
                    .problem(
                            former + " is still desired, so that " + draft.id() + " cannot take over its object",
                            "remove lifecycle.id here, or the document of " + former + " at "
                                    + still.location().file() + ":"
                                    + still.location().line()));
        } else if (other != null) {
            problems.add(value.location()
                    .problem(
                            other.id() + " takes over the object of " + former + " too",
                            "the other one is at " + other.location().file() + ":"
                                    + other.location().line()));
        } else if (SettingsReader.lifecycle(draft.document().get("lifecycle")).adopt() == Lifecycle.Adopt.Never) {
            problems.add(value.location()
                    .problem(
                            "lifecycle.id names " + former + ", the former id of the resource, but adopt is Never",
                            "set lifecycle.adopt to IfUnowned"));
        }
    }

    private static @Nullable LocatedJson id(ResourceDraft draft) {
        return draft.document().get("lifecycle") instanceof LocatedJson.Obj lifecycle ? lifecycle.get("id") : null;
    }

    private static @Nullable ResourceId id(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && slash < text.length() - 1 ? ResourceId.parse(text) : null;
    }
}
