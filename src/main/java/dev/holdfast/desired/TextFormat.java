package dev.holdfast.desired;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The format of a text in a document's envelope. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
@interface TextFormat {
    String NAME = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
    String RESOURCE_NAME = "^[A-Za-z0-9][A-Za-z0-9-]{0,62}$";
    String RESOURCE_ID = "^[A-Z][A-Za-z0-9]*/[A-Za-z0-9][A-Za-z0-9-]{0,62}$";
    String POINTER = "^(/([^~/]|~[01])*)+$";
    String ACCOUNT = "^[0-9]{12}$";
    String REGION = "^(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-gov|-iso[a-z]?|-[a-z]{2})?"
            + "-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9]{1,2}$";
    String ROLE = "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$";
    String DURATION = "^P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$";

    /** A regular expression that is anchored at both ends, in the syntax that Java and JSON Schema have in common. */
    String value();

    /** The expected value, for messages: {@code 12 digits}. */
    String expected();

    String hint();
}
