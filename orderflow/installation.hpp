// Installation: notices that a data directory has lost a part, or has got the secrets of another one.
//
// The file `installation` is written once, when everything was opened for the first time and before the first order can
// be taken. From then on all parts must be there: a queue, a store or secrets made anew beside the others would lose
// acknowledged orders or take a repeated key for a new one.
#pragma once

#include <filesystem>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/crypto/secret_file.hpp"

namespace orderflow {

class Installation {
  public:
    // `parts`: the files that belong together.
    Installation(std::filesystem::path seal, std::vector<std::filesystem::path> parts)
        : seal_(std::move(seal)), parts_(std::move(parts)) {}

    // Before anything is opened or made. internal "installation.incomplete" with the missing part.
    Result<void> check_parts() const;

    // internal "installation.other_secrets" when these are not the secrets it was sealed with.
    Result<void> check_secrets(const crypto::Secrets& secrets) const;

    // After everything was opened; nothing to do when it is sealed. Durable when it returns.
    Result<void> seal(const crypto::Secrets& secrets) const;

  private:
    std::filesystem::path seal_;
    std::vector<std::filesystem::path> parts_;
};

}  // namespace orderflow
