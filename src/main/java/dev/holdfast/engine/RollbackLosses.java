package dev.holdfast.engine;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The losses that a rollback does not undo: documents are restored, but the contents of resources are not. */
public final class RollbackLosses {
    private RollbackLosses() {}

    /** One line for each step of the plan that deletes contents or finds them deleted already. */
    public static List<String> of(StackView view, KindCatalog catalog) {
        List<String> lines = new ArrayList<>();
        for (Step step : view.verdicts().keySet()) {
            String holds = holds(catalog, step.resource().kind());
            String id = step.resource() + (step.physicalId() == null ? "" : " (" + step.physicalId() + ")");
            if (holds == null || step.extra()) {
                continue;
            }
            switch (step.action()) {
                case Create -> lines.add(id + " was deleted since then, and is created again without " + holds);
                case Replace -> lines.add(id + " is replaced; the new resource does not have " + holds);
                case Delete -> lines.add(id + " did not exist then, and is deleted together with " + holds);
                case Update, Restart, Adopt, Forget, NoOp -> {}
            }
        }
        for (ResourceView resource : view.resources().values()) {
            if (resource.reason() == Reason.LostStateful) {
                lines.add(resource.id() + " is lost: " + resource.message());
            }
        }
        return lines;
    }

    /** The losses of every rollback, if resources of the stack hold data. */
    public static List<String> always(Revision former, KindCatalog catalog) {
        boolean holding = former.resources().keySet().stream().anyMatch(id -> holds(catalog, id.kind()) != null);
        return holding
                ? List.of("data written since then stay as they are: rows and schemas of databases, objects, values of"
                        + " secrets; the former version of the application has to be compatible with them")
                : List.of();
    }

    private static @Nullable String holds(KindCatalog catalog, String name) {
        Kind<?> kind = catalog.find(name);
        return kind == null ? null : kind.info().holds();
    }
}
