#include "libs/crypto/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace orderflow::crypto {
namespace {

constexpr std::size_t secret_size = 32;
constexpr std::size_t file_size_max = 64 * 1024;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }
    bool valid() const { return fd_ >= 0; }

  private:
    int fd_;
};

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

std::string to_hex(std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out += digits[std::to_integer<std::size_t>(byte >> 4)];
        out += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return out;
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

Result<Secrets> parse(const std::filesystem::path& file, std::string_view text) {
    std::map<std::string, std::string, std::less<>> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return damaged(file, "the last line is cut off");
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) return damaged(file, "a line is not name=value");
        lines.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    const auto take = [&](const std::string& name) {
        const auto line = lines.find(name);
        return line == lines.end() ? std::nullopt : from_hex(line->second);
    };
    Secrets secrets;
    auto id_secret = take("id_secret");
    auto receipt_key = take("receipt_key");
    const auto admin_token = take("admin_token");
    for (int n = 1; auto key = take("tag_key_" + std::to_string(n)); ++n) secrets.tag_keys.push_back(*std::move(key));
    if (!id_secret) return damaged(file, "id_secret is missing or not 64 hex digits");
    if (!receipt_key) return damaged(file, "receipt_key is missing or not 64 hex digits");
    if (!admin_token) return damaged(file, "admin_token is missing or not 64 hex digits");
    if (secrets.tag_keys.empty()) return damaged(file, "tag_key_1 is missing or not 64 hex digits");
    secrets.id_secret = *std::move(id_secret);
    secrets.receipt_key = *std::move(receipt_key);
    secrets.admin_token = to_hex(*admin_token);
    return secrets;
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

Result<void> create(const std::filesystem::path& file, Entropy& entropy) {
    const std::string text = "id_secret=" + new_secret(entropy) + "\ntag_key_1=" + new_secret(entropy) +
                             "\nreceipt_key=" + new_secret(entropy) + "\nadmin_token=" + new_secret(entropy) + "\n";
    auto beside = file;
    beside += ".new";
    {
        const Descriptor out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!out.valid()) return unreadable(file, "Cannot create");
        if (::write(out.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
            ::fsync(out.get()) != 0) {
            return unreadable(file, "Cannot write");
        }
    }
    if (::rename(beside.c_str(), file.c_str()) != 0) return unreadable(file, "Cannot create");
    const Descriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.valid() || ::fsync(folder.get()) != 0) return unreadable(file, "Cannot sync the directory of");
    return {};
}

}  // namespace

Result<Secrets> load_or_create_secrets(const std::filesystem::path& file, Entropy& entropy) {
    for (int attempt = 0; attempt < 2; ++attempt) {
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
            return parse(file, *text);
        }
        if (errno != ENOENT) return unreadable(file, "Cannot open");
        if (auto made = create(file, entropy); !made) return fail(std::move(made).error());
    }
    return unreadable(file, "Cannot open");
}

}  // namespace orderflow::crypto
