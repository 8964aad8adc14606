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
 * @param <S> the spec: the type of both the desired and the observed side, canonical by construction
 */
public interface Kind<S extends Record> {
    KindInfo<S> info();

    /** The IAM permissions that the kind's calls need. */
    default List<Permission> permissions() {
        return info().permissions()
                .build(SpecModel.of(info().spec()).with(TagMap.class).isPresent());
    }

    /**
     * The calls of this kind that change its resources, by AWS's names ({@code ec2:AuthorizeSecurityGroupIngress}). A
     * change event of another call counts for a resource too, if the event names the resource.
     */
    default Set<String> changingCalls() {
        return RecipeCalls.writes(getClass()).keySet();
    }

    /**
     * The components that a call of another principal may have changed.
     *
     * @param event the name under which CloudTrail records the call: {@code s3:PutBucketEncryption}
     * @return components of the spec; null: any component may have changed
     */
    default @Nullable Set<String> changedBy(String event) {
        return null;
    }

    /**
     * Reports the errors of a spec that fits its type but that AWS would reject: rules between fields ("one of the
     * two", "only with"), and rules on values that no annotation describes. Pure; called when documents are validated.
     *
     * @param spec canonical; a value that depends on another resource's output is null or contains {@link Unresolved}
     *     strings
     */
    default void check(S spec, Findings<S> findings) {}

    /**
     * Whether AWS accepts a replacement only after the old resource is deleted, for a reason that no {@link Unique}
     * field declares. The replacement then deletes first and waits for an approval. Pure.
     *
     * @param desired canonical; a value that depends on another resource's output may be null or contain
     *     {@link Unresolved} strings: return false then, the engine calls again when the value is known
     * @param observed the resource that would be replaced
     */
    default boolean mustGoFirst(S desired, S observed) {
        return false;
    }

    /**
     * Whether {@link #exchange} sends the difference: AWS would refuse the old resource and the new one at once, and the
     * old one exists until the new one does, or is missing for less than a second without harm. A replacement then needs
     * no approval of its own. Pure.
     *
     * @param desired as in {@link #mustGoFirst}
     * @param observed the resource that is changed or replaced
     */
    default boolean inOneCall(S desired, S observed) {
        return false;
    }

    /**
     * The changes that need an approval although they need no replacement, such as another major version of an engine.
     * They form a separate step, which waits for the approval. Pure.
     *
     * @param desired as in {@link #mustGoFirst}
     * @return the reason for people, by component; components that do not differ are ignored
     */
    default Map<String, String> approvals(S desired, S observed) {
        return Map.of();
    }

    /**
     * Reads the resources of this kind in the scope, in as few paginated calls as the API allows. Read-only.
     *
     * @return the observations in any order; a resource without an observation does not exist according to this read
     */
    List<Observation<S>> observe(Scope<S> scope);

    /**
     * Requests the creation, with every owned field that the call accepts, and with the tags if the call accepts tags.
     * Exactly one creating call.
     *
     * @param token identifies this creation and stays the same when it is tried again; sent as the client token if the
     *     call has one
     * @return the physical id
     */
    String create(Desired<S> desired, String token);

    /** Sends only the calls that the changed fields need, restrictive ones before permissive ones. */
    void update(Change<S> change);

    /**
     * Sends changes and replacements in one call, which AWS carries out as a whole or not at all. A kind without such a
     * call deletes and creates at once; then the next pass must be able to create what is missing. Called only if
     * {@link #inOneCall} is true for one of them.
     *
     * @param changes of all resources that may have to change together ({@link KindInfo#together}), in the order of
     *     their ids
     * @return the physical ids after the call, in the same order
     */
    default List<String> exchange(List<Change<S>> changes) {
        throw new IllegalStateException(info().name() + " has no call that replaces a resource");
    }

    /**
     * Requests a restart. Called only after an approval, for a resource that has changes that wait for a restart
     * ({@link Outlook#restart}).
     */
    default void restart(Observed<S> observed) {
        throw new IllegalStateException(info().name() + " cannot wait for a restart");
    }

    /**
     * The components that {@link #update} sends now: all changed components, unless AWS accepts only one call at a time
     * ({@link KindInfo#stepwise}). Pure.
     */
    default Set<String> sends(Change<S> change) {
        return change.changed();
    }

    /**
     * Sends only the next call of the deletion; called again until an observation shows that the resource no longer
     * exists. The options of the deletion (a final snapshot, a recovery window) are those applied last:
     * {@link Observed#applied}, {@link Observed#onDelete}.
     */
    void delete(Observed<S> observed);

    /**
     * Finds the reason why a change that AWS accepted did not take effect, if AWS reports it outside of the resource
     * itself. Read-only; called only before the same change would be sent again.
     *
     * @param since the time at which the change was sent
     * @return the reason for people; null: AWS reports no failure
     */
    default @Nullable String failure(Observed<S> observed, Instant since) {
        return null;
    }

    /**
     * Finds the remains of a resource that held data and no longer exists, such as its snapshots. Read-only; called
     * only if the resource would be created again without data.
     *
     * @param lost the physical id of the resource
     * @return descriptions with ids, for people; empty if none are known
     */
    default List<String> remains(Desired<S> desired, String lost) {
        return List.of();
    }

    /**
     * Finds the objects in AWS that still use a resource, after AWS rejected its deletion as "in use". AWS's error
     * seldom names them. Read-only; called only after such a rejection.
     *
     * @return descriptions with ids, for people; empty if none are known
     */
    default List<String> holders(Observed<S> observed) {
        return List.of();
    }
}
