package dev.holdfast.kinds.rds;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.DbParameterGroupNotFoundException;
import software.amazon.awssdk.services.rds.model.Parameter;

/** The settings of a database engine. */
@Singleton
public final class DbParameterGroupKind extends DeclaredKind<DbParameterGroupKind.Spec> {
    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html">CreateDBParameterGroup</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 255, lower = true, letterFirst = true)
            String dbParameterGroupName,

            @Doc("The family: engine and major version, such as postgres15.") @Required @Immutable
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
        return Recipe.of("DbParameterGroup", Spec.class, RdsClient.class)
                .description("A parameter group: the settings of a database engine.")
                .lists(
                        rds -> rds.describeDBParameterGroupsPaginator(r -> r.maxRecords(DbParameters.PAGE))
                                .dbParameterGroups(),
                        PointRead.of(
                                (rds, name) -> rds.describeDBParameterGroups(r -> r.dbParameterGroupName(name))
                                        .dbParameterGroups(),
                                DbParameterGroupNotFoundException.class))
                .named(DBParameterGroup::dbParameterGroupName)
                .arn(DBParameterGroup::dbParameterGroupArn)
                .tags(RdsTags.indexed("pg"))
                .createsNamed(CreateDbParameterGroupRequest::builder, RdsClient::createDBParameterGroup)
                .parameters(
                        Spec::parameters,
                        DbParameterGroupKind::parameters,
                        (rds, change) -> DbParameters.requests(
                                        change.differing(Spec::parameters), parameters(rds, change.physicalId()))
                                .forEach(some ->
                                        rds.modifyDBParameterGroup(r -> r.dbParameterGroupName(change.physicalId())
                                                .parameters(some))))
                .deletes((rds, name) -> rds.deleteDBParameterGroup(r -> r.dbParameterGroupName(name)))
                .output("name", "Its name.", DBParameterGroup::dbParameterGroupName)
                .output("arn", "Its ARN.", DBParameterGroup::dbParameterGroupArn)
                .fault("DBParameterGroupAlreadyExists", EXISTS)
                .fault("InvalidDBParameterGroupState", DEPENDENCY)
                .permissions(Permissions.on("rds:{region}:{account}:pg:{name}"))
                .page("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html");
    }

    private static Iterable<Parameter> parameters(RdsClient rds, String group) {
        return rds.describeDBParametersPaginator(
                        r -> r.dbParameterGroupName(group).maxRecords(DbParameters.PAGE))
                .parameters();
    }
}
