// CredentialSource: a place that credentials come from. And what all such places here need of the world.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "libs/async/task.hpp"
#include "libs/aws/credentials.hpp"
#include "libs/aws/http_transport.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"

namespace orderflow::aws {

// The codes of all sources; no detail ever holds a secret or a token.
//   not_found     "credentials.not_configured"   nobody set this place up: another one may be asked
//   invalid_input "credentials.incomplete"       half of a key is there
//   invalid_input "credentials.malformed"        a file or a setting cannot be read as what it should be
//   invalid_input "credentials.profile_missing"  AWS_PROFILE names a profile that no file has
//   invalid_input "credentials.unsupported"      the profile asks for what is not built here
//   internal      "credentials.unreadable"       a file is there and may not be read, or is too large
//   unauthorized  "credentials.refused"          the service said no
//   unavailable   "credentials.unavailable"      the service did not answer, or not with credentials; later may work
//   unavailable   "credentials.expired"          what it gave is out of date
class CredentialSource {
  public:
    virtual ~CredentialSource() = default;
    // Asks anew each time; ends within seconds. The source outlives the call.
    virtual task<Result<Credentials>> fetch() = 0;
};

// The value of an environment variable.
using EnvironmentLookup = std::function<std::optional<std::string>(std::string_view name)>;

class FileReader {
  public:
    virtual ~FileReader() = default;
    // The whole file, which is small: it is read on the caller's thread. Errors: not_found "file.missing"; internal
    // "file.unreadable" (rights, I/O, longer than `bytes_max`), with a detail that names path and reason, not content.
    virtual Result<std::string> read(const std::string& path, std::size_t bytes_max) = 0;
};

// All of it outlives the sources that are made with it.
struct Surroundings {
    EnvironmentLookup env;
    FileReader& files;
    HttpTransport& http;
    const Clock& clock;

    // The variable's value; nothing also when it is empty.
    std::optional<std::string> setting(std::string_view name) const {
        auto value = env(name);
        if (value && value->empty()) value.reset();
        return value;
    }
};

// The file's text, without what surrounds it when it is a token. "file.missing" stays, "file.unreadable" becomes
// "credentials.unreadable".
Result<std::string> read_settings_file(FileReader& files, const std::string& path);

}  // namespace orderflow::aws
