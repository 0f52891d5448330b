// The file of API keys (api-service/api_key_list.hpp): read, written, and read again when it changes.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api-service/api_key.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "programs/start_check.hpp"

namespace orderflow {

struct ApiKeyFile {
    std::filesystem::path path;
    bool chosen = false;  // by ORDERFLOW_API_KEYS_FILE: then it has to be there
};
// ORDERFLOW_API_KEYS_FILE, else api-keys.json in the data directory, which may be absent: then there are no keys.
ApiKeyFile read_api_key_file_setting(SettingsReader& settings, const std::filesystem::path& data_dir);
std::string api_key_file_help();

// not_found "api_keys.missing"; internal "api_keys.exposed" when others than its owner may write it: they could make
// keys of their own (reading is harmless, it holds digests); internal "api_keys.unreadable"; invalid_input
// "api_keys.malformed". Each detail names the file and says what to do.
Result<std::vector<api::ApiKey>> read_api_keys(const std::filesystem::path& file);

// A line of --check: that the file can be read; nothing about one that may be absent and is.
void check_api_keys(StartCheck& found, const ApiKeyFile& file);

// Durable, mode 0600, in one step: a reader sees the old keys or the new ones. unavailable "file.not_written".
Result<void> write_api_keys(const std::filesystem::path& file, const std::vector<api::ApiKey>& keys);

// The keys of a running program. Looks every `looks_every` whether the file is another one; one that cannot be read is
// logged and tried again, and the keys stay as they were. A thread of its own, so that no request waits for the disk.
class ApiKeyWatch {
  public:
    static constexpr BootClock::duration looks_every = 2s;

    // All outlive it.
    struct Parts {
        const Clock& clock;
        const observe::Logger& log;
    };
    // Reads the file. Errors: read_api_keys(), but for one that is absent and was not chosen.
    static Result<std::unique_ptr<ApiKeyWatch>> start(Parts parts, ApiKeyFile file);
    ~ApiKeyWatch();
    ApiKeyWatch(const ApiKeyWatch&) = delete;
    ApiKeyWatch& operator=(const ApiKeyWatch&) = delete;

    // Any thread.
    std::shared_ptr<const api::ApiKeys> current() const;

    // Looks now, as the watch itself does every `looks_every`. Any thread.
    void look();

  private:
    ApiKeyWatch(Parts parts, ApiKeyFile file);
    task<void> look_for_ever();
    void take(std::vector<api::ApiKey> keys);

    Parts parts_;
    ApiKeyFile file_;
    std::mutex looking_;
    std::string seen_;    // the state of the file that was read last
    std::string unread_;  // the one that could not be read, as far as it was said
    mutable std::mutex mutex_;
    std::shared_ptr<const api::ApiKeys> keys_ = std::make_shared<api::ApiKeys>();
    net::Runtime loop_;  // last: its coroutine refers to everything above
};

}  // namespace orderflow
