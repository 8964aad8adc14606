package dev.holdfast.kinds.rds;

import dev.holdfast.aws.NotYetException;
import dev.holdfast.kind.Change;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import java.util.List;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.OrderableDBInstanceOption;

/**
 * Delays a change of the class until the version that supports the class runs. RDS compares the class with the version
 * that runs, not with the version of the same request or of a change that waits for the maintenance window.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html">ModifyDBInstance</a>
 */
final class NewerClasses {
    private NewerClasses() {}

    /**
     * Removes the class from a request that RDS would reject because of it. The version goes first, then the class. An
     * upgrade that waits for an approval or for the maintenance window is not part of the change.
     *
     * @throws NotYetException if the request would change nothing else
     */
    static void hold(ModifyDbInstanceRequest.Builder request, Change<Spec> change) {
        RdsClient rds = change.client(RdsClient.class);
        DBInstance db = rds.describeDBInstances(r -> r.dbInstanceIdentifier(change.physicalId()))
                .dbInstances()
                .getFirst();
        List<String> versions = rds
                .describeOrderableDBInstanceOptionsPaginator(
                        r -> r.engine(db.engine()).dbInstanceClass(change.spec().dbInstanceClass()))
                .orderableDBInstanceOptions()
                .stream()
                .map(OrderableDBInstanceOption::engineVersion)
                .toList();
        boolean onlyNewer = !versions.contains(db.engineVersion())
                && versions.stream().anyMatch(version -> EngineVersions.isOlder(db.engineVersion(), version));
        if (onlyNewer && change.changed().size() == 1) {
            throw new NotYetException("RDS does not offer " + change.spec().dbInstanceClass() + " for " + db.engine()
                    + " " + db.engineVersion() + ", only for newer versions: the class changes after an upgrade");
        }
        if (onlyNewer) {
            request.dbInstanceClass(null);
        }
    }
}
