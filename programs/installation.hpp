// Installation: notices that a data directory has lost a part, or has got the secrets of another one.
//
// A seal is a file that is written once, when everything was opened for the first time and before the first order can
// be taken. From then on the parts must be there: a queue, a store or secrets made anew beside the others would lose
// acknowledged orders or take a repeated key for a new one. Each program seals what it owns, and heeds the seals of the
// others on it: the same directory may serve `orderflow` today and the services tomorrow.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/crypto/secret_file.hpp"

namespace orderflow {

class Installation {
  public:
    // `parts`: the files that belong together. `other_seals`: those of programs that own them too.
    Installation(std::filesystem::path seal, std::vector<std::filesystem::path> parts,
                 std::vector<std::filesystem::path> other_seals = {})
        : seal_(std::move(seal)), other_seals_(std::move(other_seals)), parts_(std::move(parts)) {}

    // Before anything is opened or made. internal "installation.incomplete" with the missing part; conflict
    // "installation.moved" when its orders are elsewhere (move_mark.hpp).
    Result<void> check_parts() const;

    // internal "installation.other_secrets" when these are not the secrets that a seal was made with.
    Result<void> check_secrets(const crypto::Secrets& secrets) const;

    // After everything was opened; nothing to do when it is sealed. Durable when it returns.
    Result<void> seal() const;
    // The same for parts with the secrets among them.
    Result<void> seal(const crypto::Secrets& secrets) const;

  private:
    Result<void> write_seal(const std::string& text) const;

    std::filesystem::path seal_;
    std::vector<std::filesystem::path> other_seals_;
    std::vector<std::filesystem::path> parts_;
};

// What the worker owns; it may be elsewhere than in the data directory.
struct WorkerFiles {
    std::optional<std::filesystem::path> store;   // a database that is no file of this machine is no part of it
    std::optional<std::filesystem::path> ledger;  // of the simulated payment provider
};

// What each program owns of a data directory.
Installation queue_installation(const std::filesystem::path& data_dir);
Installation worker_installation(const std::filesystem::path& data_dir, const WorkerFiles& worker);
Installation api_installation(const std::filesystem::path& data_dir);
Installation whole_installation(const std::filesystem::path& data_dir, const WorkerFiles& worker);

// check_parts() of all that `orderflow` has in it, whoever has sealed it.
Result<void> check_all_parts(const std::filesystem::path& data_dir, const WorkerFiles& worker);

}  // namespace orderflow
