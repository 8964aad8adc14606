package dev.holdfast.twin.store;

import java.util.Collection;

/** A service whose resources serve certificates of ACM. */
public interface CertificateUsers {
    /** The ARNs of the resources that use a certificate. */
    Collection<String> usersOf(String certificateArn);
}
