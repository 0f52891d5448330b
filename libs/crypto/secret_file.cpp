#include "libs/crypto/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "libs/base/descriptor.hpp"
#include "libs/base/durable_file.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::crypto {
namespace {

constexpr std::size_t secret_size = 32;
constexpr std::size_t file_size_max = 64 * 1024;

std::unexpected<Error> unreadable(const std::filesystem::path& file, const char* what) {
    return fail(ErrorKind::internal, "secrets.unreadable",
                std::string(what) + " " + file.string() + ": " + std::generic_category().message(errno) +
                    ". The process needs to read and write the data directory; check its owner and mode.");
}

std::unexpected<Error> damaged(const std::filesystem::path& file, const std::string& what) {
    return fail(ErrorKind::internal, "secrets.damaged",
                file.string() + ": " + what +
                    ". Restore the file from a backup: with other secrets a repeated key would make another order.");
}

std::optional<SecretBytes> from_hex(std::string_view text) {
    const auto value = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    if (text.size() != secret_size * 2) return std::nullopt;
    SecretBytes bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = value(text[i]);
        const int low = value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return bytes;
}

std::string new_secret(Entropy& entropy) {
    SecretBytes bytes(secret_size);
    entropy.fill(bytes);
    return to_hex(bytes);
}

using Lines = std::map<std::string, SecretBytes, std::less<>>;

Result<Lines> parse(const std::filesystem::path& file, std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return damaged(file, "the last line is cut off");
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        const auto equals = std::min(line.find('='), line.size());
        auto bytes = from_hex(line.substr(std::min(equals + 1, line.size())));
        if (!bytes) return damaged(file, "a line is not name=<64 hex digits>");
        lines.emplace(line.substr(0, equals), *std::move(bytes));
    }
    return lines;
}

Result<std::string> read_all(const std::filesystem::path& file, const Descriptor& open) {
    std::string text;
    char buffer[4096];
    for (;;) {
        const auto n = ::read(open.get(), buffer, sizeof(buffer));
        if (n < 0) return unreadable(file, "Cannot read");
        if (n == 0) return text;
        text.append(buffer, static_cast<std::size_t>(n));
        if (text.size() > file_size_max) return damaged(file, "the file is too large");
    }
}

Result<void> create(const std::filesystem::path& file, const std::vector<std::string_view>& names, Entropy& entropy) {
    std::string text;
    for (const auto name : names) text.append(name).append("=").append(new_secret(entropy)).append("\n");
    return write_durably(file, text);
}

struct Loaded {
    Lines lines;
    bool created = false;
};

Result<Loaded> load_or_create(const std::filesystem::path& file, const std::vector<std::string_view>& names,
                              Entropy& entropy) {
    for (const bool created : {false, true}) {
        const Descriptor open(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        if (open.valid()) {
            struct stat about{};
            if (::fstat(open.get(), &about) != 0) return unreadable(file, "Cannot read");
            if ((about.st_mode & 0077U) != 0) {
                return fail(ErrorKind::internal, "secrets.exposed",
                            file.string() + " can be read by others. Run: chmod 600 " + file.string());
            }
            auto text = read_all(file, open);
            if (!text) return fail(std::move(text).error());
            auto lines = parse(file, *text);
            if (!lines) return fail(std::move(lines).error());
            for (const auto name : names) {
                if (!lines->contains(name)) return damaged(file, std::string(name) + " is missing");
            }
            return Loaded{*std::move(lines), created};
        }
        if (errno != ENOENT) return unreadable(file, "Cannot open");
        if (auto made = create(file, names, entropy); !made) return fail(std::move(made).error());
    }
    return unreadable(file, "Cannot open");
}

}  // namespace

Result<Secrets> load_or_create_secrets(const std::filesystem::path& file, Entropy& entropy) {
    auto loaded = load_or_create(file, {"id_secret", "tag_key_1"}, entropy);
    if (!loaded) return fail(std::move(loaded).error());
    Secrets secrets;
    secrets.id_secret = loaded->lines.at("id_secret");
    for (int n = 1;; ++n) {
        const auto key = loaded->lines.find("tag_key_" + std::to_string(n));
        if (key == loaded->lines.end()) return secrets;
        secrets.tag_keys.push_back(key->second);
    }
}

Result<AdminToken> load_or_create_admin_token(const std::filesystem::path& file, Entropy& entropy) {
    auto loaded = load_or_create(file, {"admin_token"}, entropy);
    if (!loaded) return fail(std::move(loaded).error());
    return AdminToken{to_hex(loaded->lines.at("admin_token")), loaded->created};
}

}  // namespace orderflow::crypto
