#include "programs/api_key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "api-service/api_key_list.hpp"
#include "libs/async/sleep.hpp"
#include "libs/base/descriptor.hpp"
#include "libs/base/durable_file.hpp"

namespace orderflow {
namespace {

std::unexpected<Error> unreadable(const std::filesystem::path& file) {
    return fail(
        ErrorKind::internal, "api_keys.unreadable",
        "Cannot read " + file.string() + ": " + std::generic_category().message(errno) + ". Check its owner and mode.");
}

// Another file, or another content: replaced, or written in place.
std::string state_of(const std::filesystem::path& file) {
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) return {};
    std::string state;
    for (const auto part :
         {static_cast<std::uint64_t>(about.st_dev), static_cast<std::uint64_t>(about.st_ino),
          static_cast<std::uint64_t>(about.st_size), static_cast<std::uint64_t>(about.st_mode),
          static_cast<std::uint64_t>(about.st_uid), static_cast<std::uint64_t>(about.st_gid),
          static_cast<std::uint64_t>(about.st_mtim.tv_sec), static_cast<std::uint64_t>(about.st_mtim.tv_nsec)}) {
        state += std::to_string(part) + " ";
    }
    return state;
}

Result<std::string> read_all(const std::filesystem::path& file, const Descriptor& open) {
    std::string text;
    std::array<char, 16 * 1024> buffer{};
    for (;;) {
        const auto n = ::read(open.get(), buffer.data(), buffer.size());
        if (n < 0) return unreadable(file);
        if (n == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(n));
        if (text.size() > api::api_key_list_bytes_max) {
            return fail(ErrorKind::invalid_input, "api_keys.malformed", file.string() + " is too large.");
        }
    }
}

}  // namespace

ApiKeyFile read_api_key_file_setting(SettingsReader& settings, const std::filesystem::path& data_dir) {
    if (auto chosen = settings.optional_text("ORDERFLOW_API_KEYS_FILE")) return {*std::move(chosen), true};
    return {data_dir / "api-keys.json", false};
}

std::string api_key_file_help() {
    return "  ORDERFLOW_API_KEYS_FILE  keys of programs that order, see `orderflow keys --help`\n"
           "                           [api-keys.json in the data directory]\n";
}

Result<std::vector<api::ApiKey>> read_api_keys(const std::filesystem::path& file) {
    const Descriptor open(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!open.valid() && errno == ENOENT) {
        return fail(ErrorKind::not_found, "api_keys.missing",
                    file.string() +
                        " is not there. Make a key with `orderflow keys create`, or unset "
                        "ORDERFLOW_API_KEYS_FILE.");
    }
    struct stat about{};
    if (!open.valid() || ::fstat(open.get(), &about) != 0) return unreadable(file);
    if (!S_ISREG(about.st_mode)) {
        errno = EINVAL;
        return unreadable(file);
    }
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fail(ErrorKind::internal, "api_keys.exposed",
                    file.string() + " can be written by others. Run: chmod go-w " + file.string());
    }
    const auto text = read_all(file, open);
    if (!text) return fail(text.error());
    auto keys = api::decode_api_keys(*text);
    if (!keys) return fail(keys.error().kind(), keys.error().code(), file.string() + ": " + keys.error().detail());
    return keys;
}

void check_api_keys(StartCheck& found, const ApiKeyFile& file) {
    const auto keys = read_api_keys(file.path);
    if (keys) {
        found.good("API keys", file.path.string() + ", " + std::to_string(keys->size()) + " of them");
    } else if (file.chosen || keys.error().kind() != ErrorKind::not_found) {
        found.outcome("API keys", fail(keys.error()));
    }
}

Result<void> write_api_keys(const std::filesystem::path& file, const std::vector<api::ApiKey>& keys) {
    return write_durably(file, api::encode_api_keys(keys));
}

ApiKeyWatch::ApiKeyWatch(Parts parts, ApiKeyFile file)
    : parts_(parts), file_(std::move(file)), loop_(parts.clock, 1, "api-keys") {}

Result<std::unique_ptr<ApiKeyWatch>> ApiKeyWatch::start(Parts parts, ApiKeyFile file) {
    std::unique_ptr<ApiKeyWatch> watch(new ApiKeyWatch(parts, std::move(file)));
    watch->seen_ = state_of(watch->file_.path);
    auto keys = read_api_keys(watch->file_.path);
    const bool may_be_absent = !watch->file_.chosen && !keys && keys.error().kind() == ErrorKind::not_found;
    if (!keys && !may_be_absent) return fail(std::move(keys).error());
    if (keys) watch->take(*std::move(keys));
    watch->loop_.start();
    watch->loop_.spawn(watch->look_for_ever());
    return watch;
}

ApiKeyWatch::~ApiKeyWatch() { loop_.stop(); }

std::shared_ptr<const api::ApiKeys> ApiKeyWatch::current() const {
    const std::lock_guard lock(mutex_);
    return keys_;
}

task<void> ApiKeyWatch::look_for_ever() {
    for (;;) {
        co_await sleep_until(loop_.executor(), parts_.clock.now() + looks_every);
        look();
    }
}

void ApiKeyWatch::look() {
    const std::lock_guard one_at_a_time(looking_);
    auto state = state_of(file_.path);
    if (state == seen_) return;
    auto keys = read_api_keys(file_.path);
    if (keys) {
        seen_ = std::move(state);
        return take(*std::move(keys));
    }
    // It is tried again until it can be read: what is in force is older than what an operator believes. Said once.
    if (state == unread_) return;
    unread_ = std::move(state);
    parts_.log.error("api_keys.not_read", {{"code", keys.error().code()}, {"why", keys.error().detail()}});
}

void ApiKeyWatch::take(std::vector<api::ApiKey> keys) {
    auto taken = std::make_shared<const api::ApiKeys>(std::move(keys));
    parts_.log.info("api_keys.read", {{"file", file_.path.string()}, {"keys", std::to_string(taken->size())}});
    const std::lock_guard lock(mutex_);
    keys_ = std::move(taken);
}

}  // namespace orderflow
