package dev.holdfast.kind;

import dev.holdfast.model.Outlook;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One AWS resource type. Implementations translate; they never wait, retry, diff, log or catch.
 *
 * <p>SDK exceptions leave an implementation untouched; the engine classifies them. Every verb is re-entrant: it may be
 * called again after a crash at any point and sends what is still missing.
 *
 * @param <S> the spec: desired and observed side have this one type, canonical by construction
 */
public interface Kind<S extends Record> {
    KindInfo<S> info();

    /** What its calls need of IAM. */
    default List<Permission> permissions() {
        return info().permissions()
                .build(SpecModel.of(info().spec()).with(TagMap.class).isPresent());
    }

    /**
     * The calls that change its resources, by AWS's own names ({@code ec2:AuthorizeSecurityGroupIngress}): those that this kind
     * makes itself. A change event of another name counts for a resource too, if the event names it.
     */
    default Set<String> changingCalls() {
        return RecipeCalls.writes(getClass()).keySet();
    }

    /**
     * What a call of somebody else may have changed.
     *
     * @param event the name under which CloudTrail records the call: {@code s3:PutBucketEncryption}
     * @return components of the spec; null: it may be anything
     */
    default @Nullable Set<String> changedBy(String event) {
        return null;
    }

    /**
     * Says what AWS would refuse in a spec that fits its type: what holds between fields ("one of the two", "only with"), or
     * for values that no annotation describes. Pure; called when documents are validated.
     *
     * @param spec canonical; what hangs on another resource's output is null or holds {@link Unresolved} strings
     */
    default void check(S spec, Findings<S> findings) {}

    /**
     * Whether AWS takes a replacement only once what it replaces is gone, where no {@link Unique} field tells so. The
     * replacement then deletes first, which wants an approval. Pure.
     *
     * @param desired canonical; what hangs on another resource's output may be null or hold {@link Unresolved} strings:
     *     then false, it is asked again when it is known
     * @param observed what would be replaced
     */
    default boolean mustGoFirst(S desired, S observed) {
        return false;
    }

    /**
     * Changes that must never be made unasked, though no replacement is needed for them: another major version of an engine.
     * They are a step of their own, which waits for an approval. Pure.
     *
     * @param desired as in {@link #mustGoFirst}
     * @return by component, why, in words for people; components that do not differ do no harm
     */
    default Map<String, String> approvals(S desired, S observed) {
        return Map.of();
    }

    /**
     * Reads what AWS has of this kind for the scope, in as few paginated calls as the API allows. Read-only.
     *
     * @return what was found, in any order; what is missing from it does not exist as far as this read can tell
     */
    List<Observation<S>> observe(Scope<S> scope);

    /**
     * Requests the creation, with every owned field that the call accepts and the tags in the call where AWS takes them
     * there. Exactly one creating call.
     *
     * @param token of this incarnation, the same when the creation is tried again: the client token where there is one
     * @return the physical id
     */
    String create(Desired<S> desired, String token);

    /** Sends only the calls that the changed fields need, restrictive ones before permissive ones. */
    void update(Change<S> change);

    /** Requests a restart. Called only after an approval, of what says that something waits for one ({@link Outlook#restart}). */
    default void restart(Observed<S> observed) {
        throw new IllegalStateException(info().name() + " has nothing that waits for a restart");
    }

    /**
     * The components that {@link #update} sends now: all that change, unless AWS takes one call at a time
     * ({@link KindInfo#stepwise}). Pure.
     */
    default Set<String> sends(Change<S> change) {
        return change.changed();
    }

    /**
     * Sends the next call towards gone, and no more; called again until an observation says that it is gone. How it is to go
     * (a final snapshot, a recovery window) is what was applied last: {@link Observed#applied}, {@link Observed#onDelete}.
     */
    void delete(Observed<S> observed);

    /**
     * Says why a change that AWS accepted has not come, where AWS tells that elsewhere than in the resource itself. Read-only;
     * asked for only before the same change would be sent once more.
     *
     * @param since when it was sent
     * @return in words for people; null: AWS tells of no failure
     */
    default @Nullable String failure(Observed<S> observed, Instant since) {
        return null;
    }

    /**
     * Says what is left of a resource that held data and is gone: its snapshots. Read-only; asked for only where the resource
     * would be created anew, empty.
     *
     * @param lost its physical id
     * @return with ids, in words for people; empty if nothing is known
     */
    default List<String> remains(Desired<S> desired, String lost) {
        return List.of();
    }

    /**
     * Says what in AWS still uses a resource whose deletion was refused for that, where a read tells: AWS's own answer seldom
     * does. Read-only; asked for only after such a refusal.
     *
     * @return with ids, in words for people; empty if nothing is known
     */
    default List<String> holders(Observed<S> observed) {
        return List.of();
    }
}
