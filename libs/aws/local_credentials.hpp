// Credentials that lie ready on this machine: in the environment, and in the shared config and credentials files.
#pragma once

#include "libs/aws/credential_source.hpp"

namespace orderflow::aws {

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. "credentials.incomplete" when one of the first two is
// missing.
class EnvironmentCredentials final : public CredentialSource {
  public:
    explicit EnvironmentCredentials(const Surroundings& surroundings) : surroundings_(surroundings) {}
    task<Result<Credentials>> fetch() override;

  private:
    const Surroundings& surroundings_;
};

// aws_access_key_id, aws_secret_access_key and aws_session_token of the profile (shared_config.hpp). A profile that
// wants a role, a single sign-on or a process instead is "credentials.unsupported".
class ProfileCredentials final : public CredentialSource {
  public:
    explicit ProfileCredentials(const Surroundings& surroundings) : surroundings_(surroundings) {}
    task<Result<Credentials>> fetch() override;

  private:
    const Surroundings& surroundings_;
};

}  // namespace orderflow::aws
