package dev.holdfast.twin.wire;

import org.jspecify.annotations.Nullable;

/** The caller, the region and the service in the credential scope of a Signature Version 4. */
public record Signature(String accessKey, String region, String service) {
    /** @return null if the call is not signed */
    static @Nullable Signature of(@Nullable String authorization, @Nullable String credential) {
        String scope = credential;
        if (authorization != null) {
            int start = authorization.indexOf("Credential=");
            if (start < 0) {
                return null;
            }
            String rest = authorization.substring(start + "Credential=".length());
            int end = rest.indexOf(',');
            scope = end < 0 ? rest : rest.substring(0, end);
        }
        if (scope == null) {
            return null;
        }
        String[] parts = scope.split("/", -1);
        int n = parts.length; // key / date / region / service / aws4_request
        return n < 5 ? null : new Signature(parts[0], parts[n - 3], parts[n - 2]);
    }
}
