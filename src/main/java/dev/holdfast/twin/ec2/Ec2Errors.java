package dev.holdfast.twin.ec2;

import dev.holdfast.twin.store.TwinErrors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/**
 * EC2's errors; all are HTTP 400.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">Error codes</a>
 */
final class Ec2Errors {
    private Ec2Errors() {}

    static AwsServiceException error(String code, String message) {
        return TwinErrors.error(Ec2Exception.builder(), 400, code, message);
    }

    static AwsServiceException noVpc(String id) {
        return error("InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist");
    }

    static AwsServiceException noSubnet(String id) {
        return error("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }

    static AwsServiceException noGateway(String id) {
        return error("InvalidInternetGatewayID.NotFound", "The internetGateway ID '" + id + "' does not exist");
    }

    static AwsServiceException noGroup(String id) {
        return error("InvalidGroup.NotFound", "The security group '" + id + "' does not exist");
    }

    static AwsServiceException noAllocation(String id) {
        return error("InvalidAllocationID.NotFound", "The allocation ID '" + id + "' does not exist");
    }

    static AwsServiceException noInterface(String id) {
        return error("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '" + id + "' does not exist");
    }

    static AwsServiceException noRouteTable(String id) {
        return error("InvalidRouteTableID.NotFound", "The routeTable ID '" + id + "' does not exist");
    }

    static AwsServiceException noNat(String id) {
        return error("NatGatewayNotFound", "The Nat Gateway " + id + " was not found");
    }

    static AwsServiceException noEndpoint(String id) {
        return error("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '" + id + "' does not exist");
    }

    static AwsServiceException invalid(String message) {
        return error("InvalidParameterValue", message);
    }

    static AwsServiceException missing(String parameter) {
        return error("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static AwsServiceException inUse(String what, String id) {
        return error("DependencyViolation", "The " + what + " '" + id + "' has dependencies and cannot be deleted.");
    }
}
