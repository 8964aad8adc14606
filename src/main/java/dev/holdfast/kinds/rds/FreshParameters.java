package dev.holdfast.kinds.rds;

import dev.holdfast.aws.NotYetException;
import dev.holdfast.kind.Desired;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.SourceType;

/**
 * Delays the creation of an instance until RDS has set the values of its parameter group. Otherwise RDS could create
 * the first database with the engine's default character set, which nothing changes later. PostgreSQL has no such
 * parameter.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html">Wait at least five
 *     minutes</a>
 */
final class FreshParameters {
    private static final Duration SETTLES = Duration.ofMinutes(5);
    private static final Set<String> ENGINES = Set.of("mysql", "mariadb");

    private FreshParameters() {}

    /**
     * Checks the age of the group's values before the call that creates the instance.
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
                    + " are less than five minutes old: RDS could create the first database without these values");
        }
    }
}
