package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A source that refuses revisions which the guardrails forbid. */
public final class GuardedSource implements DesiredSource {
    private final DesiredSource source;
    private final Supplier<GuardrailsState> guardrails;
    private final KindCatalog catalog;

    public GuardedSource(DesiredSource source, Supplier<GuardrailsState> guardrails, KindCatalog catalog) {
        this.source = source;
        this.guardrails = guardrails;
        this.catalog = catalog;
    }

    /** The same result if the guardrails allow it; otherwise a refused revision. */
    public static LoadResult guarded(LoadResult loaded, GuardrailsState guardrails, KindCatalog catalog) {
        if (!(loaded instanceof LoadResult.ValidRevision valid)) {
            return loaded;
        }
        List<Problem> problems = problems(guardrails, valid.revision(), valid.published(), catalog);
        return problems.isEmpty()
                ? loaded
                : new LoadResult.RefusedRevision(valid.revision().sha256(), problems);
    }

    /**
     * The problems that prevent the enforcement of a revision.
     *
     * @param published null: the source has no commits
     */
    public static List<Problem> problems(
            GuardrailsState guardrails, Revision revision, @Nullable Publication published, KindCatalog catalog) {
        List<Problem> problems = new ArrayList<>(GuardrailsCheck.check(guardrails, revision, catalog));
        problems.addAll(SignatureCheck.check(guardrails, revision, published));
        return problems;
    }

    @Override
    public LoadResult read(String stack) {
        return guarded(source.read(stack), guardrails.get(), catalog);
    }

    @Override
    public LoadResult past(String stack, String sha256) {
        return source.past(stack, sha256);
    }

    @Override
    public List<Head> revisions(String stack, int most) {
        return source.revisions(stack, most);
    }

    /** A principal that may write the history could otherwise give a commit another author. */
    @Override
    public @Nullable String doubt(String stack, Head head) {
        return SignatureCheck.doubt(guardrails.get(), stack, new Publication(location(), head));
    }

    @Override
    public List<String> stacks() {
        return source.stacks();
    }

    @Override
    public String location() {
        return source.location();
    }
}
