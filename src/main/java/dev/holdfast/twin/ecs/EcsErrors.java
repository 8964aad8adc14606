package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.TwinErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

/** The errors of Amazon ECS, all of them typed: each is a class of the SDK with the wire's own name. */
final class EcsErrors {
    private EcsErrors() {}

    static AwsServiceException client(String message) {
        return TwinErrors.error(ClientException.builder(), 400, "ClientException", message);
    }

    static AwsServiceException invalid(String message) {
        return TwinErrors.error(InvalidParameterException.builder(), 400, "InvalidParameterException", message);
    }

    static AwsServiceException noCluster(String message) {
        return TwinErrors.error(ClusterNotFoundException.builder(), 400, "ClusterNotFoundException", message);
    }

    static AwsServiceException clusterHasServices() {
        return TwinErrors.error(
                ClusterContainsServicesException.builder(),
                400,
                "ClusterContainsServicesException",
                "The Cluster cannot be deleted while Services are active.");
    }

    static AwsServiceException clusterHasTasks() {
        return TwinErrors.error(
                ClusterContainsTasksException.builder(),
                400,
                "ClusterContainsTasksException",
                "The Cluster cannot be deleted while Tasks are active.");
    }

    static AwsServiceException noService() {
        return TwinErrors.error(
                ServiceNotFoundException.builder(), 400, "ServiceNotFoundException", "Service not found.");
    }

    static AwsServiceException serviceNotActive() {
        return TwinErrors.error(
                ServiceNotActiveException.builder(), 400, "ServiceNotActiveException", "Service was not ACTIVE.");
    }

    static AwsServiceException noResource() {
        return TwinErrors.error(
                ResourceNotFoundException.builder(),
                400,
                "ResourceNotFoundException",
                "The specified resource could not be found.");
    }
}
