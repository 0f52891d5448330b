// The files ~/.aws/config and ~/.aws/credentials. Source: "Shared config and credentials files" in the AWS SDKs and
// Tools reference guide.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "libs/aws/credential_source.hpp"

namespace orderflow::aws {

using ConfigSection = std::map<std::string, std::string, std::less<>>;
using SharedConfig = std::map<std::string, ConfigSection, std::less<>>;

// Sections by the text between their brackets, names in lower case. Nested settings (indented lines) are left out, of a
// name that is set twice the last one counts. invalid_input "credentials.malformed" names the line.
Result<SharedConfig> parse_shared_config(std::string_view text);

struct Profile {
    std::string name;
    bool named = false;      // by AWS_PROFILE, so that it has to be there
    ConfigSection settings;  // of both files; a key pair in the credentials file hides that in the config file
};

// The profile of AWS_PROFILE, or `default`, from the files that AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE name,
// or else ~/.aws/credentials and ~/.aws/config. A file that is missing is empty. Errors: "credentials.malformed",
// "credentials.unreadable", "credentials.profile_missing".
Result<Profile> load_profile(const Surroundings& surroundings);

// AWS_REGION, else AWS_DEFAULT_REGION, else the profile's `region`, else empty. The same errors.
Result<std::string> configured_region(const Surroundings& surroundings);

}  // namespace orderflow::aws
