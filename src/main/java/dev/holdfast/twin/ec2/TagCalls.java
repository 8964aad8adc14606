package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsResponse;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeTagsResponse;
import software.amazon.awssdk.services.ec2.model.TagDescription;

/** Tags of whatever EC2 has, by its id. */
interface TagCalls extends Ec2Client {
    Filters<TagDescription> FILTERS = Filters.<TagDescription>of(t -> List.of())
            .one("resource-id", TagDescription::resourceId)
            .one("resource-type", TagDescription::resourceTypeAsString)
            .one("key", TagDescription::key)
            .one("value", TagDescription::value);

    Ec2State state();

    @Override
    default CreateTagsResponse createTags(CreateTagsRequest r) {
        Ec2State s = state();
        check(s, r.resources());
        if (r.tags().isEmpty()) {
            throw missing("tags");
        }
        r.resources().forEach(id -> s.putTags(id, r.tags()));
        return CreateTagsResponse.builder().build();
    }

    @Override
    default DeleteTagsResponse deleteTags(DeleteTagsRequest r) {
        Ec2State s = state();
        check(s, r.resources());
        r.resources().forEach(id -> s.removeTags(id, r.tags()));
        return DeleteTagsResponse.builder().build();
    }

    private static void check(Ec2State s, List<String> ids) {
        if (ids.isEmpty()) {
            throw missing("resourceIdSet");
        }
        for (String id : ids) {
            if (Things.of(s).stream().noneMatch(t -> t.id().equals(id))) {
                throw absent(id);
            }
        }
    }

    private static AwsServiceException absent(String id) {
        Function<String, AwsServiceException> error =
                switch (id.contains("-") ? id.substring(0, id.indexOf('-')) : "") {
                    case "vpc" -> Ec2Errors::noVpc;
                    case "subnet" -> Ec2Errors::noSubnet;
                    case "igw" -> Ec2Errors::noGateway;
                    case "sg" -> Ec2Errors::noGroup;
                    case "eipalloc" -> Ec2Errors::noAllocation;
                    case "eni" -> Ec2Errors::noInterface;
                    case "rtb" -> Ec2Errors::noRouteTable;
                    case "nat" -> Ec2Errors::noNat;
                    case "vpce" -> Ec2Errors::noEndpoint;
                    default -> i -> error("InvalidID", "The ID '" + i + "' is not valid");
                };
        return error.apply(id);
    }

    @Override
    default DescribeTagsResponse describeTags(DescribeTagsRequest r) {
        Ec2State s = state();
        List<TagDescription> all = Things.of(s).stream()
                .flatMap(t -> s.tagsOf(t.id()).entrySet().stream()
                        .map(e -> TagDescription.builder()
                                .resourceId(t.id())
                                .resourceType(t.type())
                                .key(e.getKey())
                                .value(e.getValue())
                                .build()))
                .toList();
        var page = s.describe(
                all,
                TagDescription::resourceId,
                Ec2Errors::invalid,
                FILTERS,
                new Ec2State.Asked(List.of(), r.filters(), r.nextToken(), r.maxResults()),
                5);
        return DescribeTagsResponse.builder()
                .tags(page.items())
                .nextToken(page.next())
                .build();
    }
}
