// What the services answer that give out credentials: read, and nothing of it repeated in errors but their codes.
#pragma once

#include <string>
#include <string_view>

#include "libs/aws/credential_source.hpp"

namespace orderflow::aws {

// The body of an answer with status 200. `who` was asked and stands in the detail. 4xx is "credentials.refused", but
// 429 and everything else is "credentials.unavailable", and so is a failure of the network.
Result<std::string> body_of(Result<HttpReply> reply, std::string_view who);

// {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}, of a container's or an instance's endpoint.
Result<Credentials> credentials_in_json(std::string_view body, std::string_view who, WallTime now);

// <Credentials> with AccessKeyId, SecretAccessKey, SessionToken, Expiration, in an answer of STS.
Result<Credentials> credentials_in_xml(std::string_view body, std::string_view who, WallTime now);

// <Code> of an error of STS, or empty.
std::string error_code_in_xml(std::string_view body);

// Without blanks and line ends around it. Nothing when there is nothing, or it cannot be the value of a header.
std::optional<std::string> as_token(std::string_view text);

}  // namespace orderflow::aws
