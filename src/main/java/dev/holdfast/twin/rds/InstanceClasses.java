package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsRequest;
import software.amazon.awssdk.services.rds.model.OrderableDBInstanceOption;

/**
 * The instance classes that RDS offers only from a version of the engine on.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html">Classes by engine</a>
 */
final class InstanceClasses {
    /** The first version by class. */
    private final Map<String, String> first = new HashMap<>();

    void offers(String dbClass, String from) {
        first.put(dbClass, from);
    }

    /** An option for each version of the engine that supports the class. */
    List<OrderableDBInstanceOption> options(DescribeOrderableDbInstanceOptionsRequest r, Stream<String> running) {
        return Stream.concat(DatabaseVersions.newest(r.engine()), running)
                .distinct()
                .filter(version ->
                        r.engineVersion() == null || r.engineVersion().equals(version))
                .filter(version -> isOffered(r.dbInstanceClass(), version))
                .map(version -> OrderableDBInstanceOption.builder()
                        .engine(r.engine())
                        .engineVersion(version)
                        .dbInstanceClass(r.dbInstanceClass())
                        .build())
                .toList();
    }

    /** The version that runs has to support the class, whatever version the same request sets. */
    void refuse(String dbClass, DBInstance db) {
        if (!isOffered(dbClass, db.engineVersion())) {
            throw combination(
                    "RDS does not support creating a DB instance with the following combination:"
                            + " DBInstanceClass=" + dbClass + ", Engine=" + db.engine() + ", EngineVersion="
                            + db.engineVersion() + ", LicenseModel=" + db.licenseModel()
                            + ". For supported combinations of instance class and database engine version, see the documentation.");
        }
    }

    private boolean isOffered(String dbClass, String version) {
        String from = first.get(dbClass);
        return from == null || DatabaseVersions.compare(version, from) >= 0;
    }
}
