package dev.holdfast.twin.rds;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinTags;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.*;

/** The calls for the parameter groups of instances and of clusters. The API has separate calls for each. */
interface ParameterGroupCalls extends RdsClient {
    ParameterGroups<DBParameterGroup, DBParameterGroup.Builder> parameterGroups();

    ParameterGroups<DBClusterParameterGroup, DBClusterParameterGroup.Builder> clusterGroups();

    DatabaseInstances instances();

    DatabaseClusters clusters();

    @Override
    default CreateDbParameterGroupResponse createDBParameterGroup(CreateDbParameterGroupRequest r) {
        return CreateDbParameterGroupResponse.builder()
                .dbParameterGroup(parameterGroups()
                        .create(
                                r.dbParameterGroupName(),
                                SdkShapes.copy(r, DBParameterGroup.builder()),
                                TwinTags.in(r)))
                .build();
    }

    @Override
    default DescribeDbParameterGroupsResponse describeDBParameterGroups(DescribeDbParameterGroupsRequest r) {
        return parameterGroups().page(r, DescribeDbParameterGroupsResponse.builder(), r.dbParameterGroupName());
    }

    @Override
    default DescribeDbParametersResponse describeDBParameters(DescribeDbParametersRequest r) {
        return parameterGroups()
                .parameters(r, DescribeDbParametersResponse.builder(), r.dbParameterGroupName(), r.source());
    }

    @Override
    default ModifyDbParameterGroupResponse modifyDBParameterGroup(ModifyDbParameterGroupRequest r) {
        String name = parameterGroups().modify(r.dbParameterGroupName(), r.parameters());
        instances().parametersChanged(name, r.parameters());
        return ModifyDbParameterGroupResponse.builder()
                .dbParameterGroupName(name)
                .build();
    }

    @Override
    default ResetDbParameterGroupResponse resetDBParameterGroup(ResetDbParameterGroupRequest r) {
        return ResetDbParameterGroupResponse.builder()
                .dbParameterGroupName(
                        parameterGroups().reset(r.dbParameterGroupName(), r.resetAllParameters(), r.parameters()))
                .build();
    }

    @Override
    default DeleteDbParameterGroupResponse deleteDBParameterGroup(DeleteDbParameterGroupRequest r) {
        parameterGroups()
                .delete(
                        r.dbParameterGroupName(),
                        name -> instances().stream()
                                .anyMatch(db -> InstanceGroups.of(db).equals(name)));
        return DeleteDbParameterGroupResponse.builder().build();
    }

    @Override
    default CreateDbClusterParameterGroupResponse createDBClusterParameterGroup(
            CreateDbClusterParameterGroupRequest r) {
        return CreateDbClusterParameterGroupResponse.builder()
                .dbClusterParameterGroup(clusterGroups()
                        .create(
                                r.dbClusterParameterGroupName(),
                                SdkShapes.copy(r, DBClusterParameterGroup.builder()),
                                TwinTags.in(r)))
                .build();
    }

    @Override
    default DescribeDbClusterParameterGroupsResponse describeDBClusterParameterGroups(
            DescribeDbClusterParameterGroupsRequest r) {
        return clusterGroups()
                .page(r, DescribeDbClusterParameterGroupsResponse.builder(), r.dbClusterParameterGroupName());
    }

    @Override
    default DescribeDbClusterParametersResponse describeDBClusterParameters(DescribeDbClusterParametersRequest r) {
        return clusterGroups()
                .parameters(
                        r, DescribeDbClusterParametersResponse.builder(), r.dbClusterParameterGroupName(), r.source());
    }

    @Override
    default ModifyDbClusterParameterGroupResponse modifyDBClusterParameterGroup(
            ModifyDbClusterParameterGroupRequest r) {
        String name = clusterGroups().modify(r.dbClusterParameterGroupName(), r.parameters());
        clusters().parametersChanged(name, r.parameters());
        return ModifyDbClusterParameterGroupResponse.builder()
                .dbClusterParameterGroupName(name)
                .build();
    }

    @Override
    default ResetDbClusterParameterGroupResponse resetDBClusterParameterGroup(ResetDbClusterParameterGroupRequest r) {
        return ResetDbClusterParameterGroupResponse.builder()
                .dbClusterParameterGroupName(
                        clusterGroups().reset(r.dbClusterParameterGroupName(), r.resetAllParameters(), r.parameters()))
                .build();
    }

    @Override
    default DeleteDbClusterParameterGroupResponse deleteDBClusterParameterGroup(
            DeleteDbClusterParameterGroupRequest r) {
        clusterGroups()
                .delete(
                        r.dbClusterParameterGroupName(),
                        name -> clusters().stream()
                                .anyMatch(c -> c.dbClusterParameterGroup().equals(name)));
        return DeleteDbClusterParameterGroupResponse.builder().build();
    }
}
