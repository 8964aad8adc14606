package dev.holdfast.twin.store;

import dev.holdfast.aws.SdkShapes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Cuts lists into pages, with the paging members of AWS's requests and responses. A token is an encoded offset. */
public final class Paging {
    private static final List<String> TOKENS = List.of("nextToken", "marker", "paginationToken", "continuationToken");
    private static final List<String> NEXT_TOKENS =
            List.of("nextToken", "nextMarker", "marker", "paginationToken", "continuationToken");
    private static final List<String> SIZES =
            List.of("maxResults", "pageSize", "limit", "maxItems", "maxRecords", "resourcesPerPage", "maxBuckets");

    private Paging() {}

    /** One page of a list. @param next null on the last page */
    public record Page<T>(List<T> items, @Nullable String next) {}

    static <T> Page<T> slice(SdkPojo request, List<T> all, int size) {
        String token = (String) first(request, TOKENS);
        int from = token == null || token.isEmpty() ? 0 : Integer.parseInt(token, 36);
        int to = Math.min(all.size(), from + size);
        return new Page<>(
                from >= all.size() ? List.of() : List.copyOf(all.subList(from, to)),
                to < all.size() ? Integer.toString(to, 36) : null);
    }

    static @Nullable Integer askedSize(SdkPojo request) {
        Object size = first(request, SIZES);
        return size instanceof String text ? Integer.valueOf(text) : (Integer) size;
    }

    private static @Nullable Object first(SdkPojo request, List<String> members) {
        return members.stream()
                .map(name -> SdkShapes.get(request, name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Sets the first list member of the response that is not set yet, and the members for the next token. */
    static <R extends SdkPojo & SdkBuilder<R, A>, A> A answer(R response, Page<?> page) {
        unsetList(response).set(response, page.items());
        for (String name : NEXT_TOKENS) {
            SdkField<?> member = SdkShapes.member(response, name);
            if (member != null) {
                member.set(response, page.next());
            }
        }
        // KMS calls the member "truncated".
        for (String name : List.of("isTruncated", "truncated")) {
            SdkField<?> truncated = SdkShapes.member(response, name);
            if (truncated != null) {
                truncated.set(response, page.next() != null);
            }
        }
        return response.build();
    }

    private static SdkField<?> unsetList(SdkBuilder<?, ?> response) {
        SdkPojo built = (SdkPojo) response.build();
        return built.sdkFields().stream()
                .filter(f -> f.marshallingType() == MarshallingType.LIST)
                .filter(f -> f.getValueOrDefault(built) instanceof SdkAutoConstructList)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no list to fill in " + built.getClass()));
    }
}
