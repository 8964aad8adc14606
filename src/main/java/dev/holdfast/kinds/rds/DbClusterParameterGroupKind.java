package dev.holdfast.kinds.rds;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbClusterParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBClusterParameterGroup;
import software.amazon.awssdk.services.rds.model.DbParameterGroupNotFoundException;
import software.amazon.awssdk.services.rds.model.Parameter;

/** The settings of a database engine that hold for a whole cluster. */
@Singleton
public final class DbClusterParameterGroupKind extends DeclaredKind<DbClusterParameterGroupKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html">CreateDBClusterParameterGroup</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 255, lower = true, letterFirst = true)
            String dbClusterParameterGroupName,

            @Doc("The family: engine and major version, such as aurora-postgresql16.") @Required @Immutable
            String dbParameterGroupFamily,

            @Doc("The purpose of the group.") @Required @Immutable
            String description,

            @Doc("The values of parameters, by the engine's parameter names; only parameters named here are compared."
                    + " A parameter that is removed here keeps its value.")
            @DeclaredKeys
            @Slow("parameters")
            Map<String, String> parameters,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            parameters = Values.lowerKeys(parameters);
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("DbClusterParameterGroup", Spec.class, RdsClient.class)
                .description(
                        "A parameter group of clusters: the settings of a database engine that hold for a whole cluster.")
                .lists(
                        rds -> rds.describeDBClusterParameterGroupsPaginator(r -> r.maxRecords(DbParameters.PAGE))
                                .dbClusterParameterGroups(),
                        PointRead.of(
                                (rds, name) -> rds.describeDBClusterParameterGroups(
                                                r -> r.dbClusterParameterGroupName(name))
                                        .dbClusterParameterGroups(),
                                DbParameterGroupNotFoundException.class))
                .named(DBClusterParameterGroup::dbClusterParameterGroupName)
                .arn(DBClusterParameterGroup::dbClusterParameterGroupArn)
                .tags(RdsTags.indexed("cluster-pg"))
                .createsNamed(CreateDbClusterParameterGroupRequest::builder, RdsClient::createDBClusterParameterGroup)
                .parameters(
                        Spec::parameters,
                        DbClusterParameterGroupKind::parameters,
                        (rds, change) -> DbParameters.requests(
                                        change.differing(Spec::parameters), parameters(rds, change.physicalId()))
                                .forEach(some -> rds.modifyDBClusterParameterGroup(
                                        r -> r.dbClusterParameterGroupName(change.physicalId())
                                                .parameters(some))))
                .deletes((rds, name) -> rds.deleteDBClusterParameterGroup(r -> r.dbClusterParameterGroupName(name)))
                .output("name", "Its name.", DBClusterParameterGroup::dbClusterParameterGroupName)
                .output("arn", "Its ARN.", DBClusterParameterGroup::dbClusterParameterGroupArn)
                .fault("DBParameterGroupAlreadyExists", EXISTS)
                .fault("InvalidDBParameterGroupState", DEPENDENCY)
                .permissions(Permissions.on("rds:{region}:{account}:cluster-pg:{name}"))
                .page(
                        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html");
    }

    private static Iterable<Parameter> parameters(RdsClient rds, String group) {
        return rds.describeDBClusterParametersPaginator(
                        r -> r.dbClusterParameterGroupName(group).maxRecords(DbParameters.PAGE))
                .parameters();
    }
}
