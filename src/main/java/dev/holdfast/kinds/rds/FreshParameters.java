package dev.holdfast.kinds.rds;

import dev.holdfast.aws.NotYetException;
import dev.holdfast.kind.Desired;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.SourceType;

/**
 * A parameter group whose values RDS may not have finished to set: the first database of a new instance would be made with the
 * engine's own character set, for ever. PostgreSQL has no such parameter.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html">Wait at least five
 *     minutes</a>
 */
final class FreshParameters {
    private static final Duration SETTLES = Duration.ofMinutes(5);
    private static final Set<String> ENGINES = Set.of("mysql", "mariadb");

    private FreshParameters() {}

    /**
     * Asks before the call that creates the instance.
     *
     * @throws NotYetException while the group is too new
     */
    static void await(Desired<Spec> desired) {
        Spec spec = desired.spec();
        if (spec.dbParameterGroupName() == null || !ENGINES.contains(spec.engine())) {
            return;
        }
        boolean fresh = !desired.client(RdsClient.class)
                .describeEvents(r -> r.sourceType(SourceType.DB_PARAMETER_GROUP)
                        .sourceIdentifier(spec.dbParameterGroupName())
                        .duration((int) SETTLES.toMinutes()))
                .events()
                .isEmpty();
        if (fresh) {
            throw new NotYetException("the values of " + spec.dbParameterGroupName()
                    + " are less than five minutes old: RDS could make the first database without them");
        }
    }
}
