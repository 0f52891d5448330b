#include "programs/installation.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

#include "libs/base/durable_file.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/orders/domain/ids.hpp"
#include "programs/move_mark.hpp"

namespace orderflow {
namespace {

// Says nothing about the secrets. Later tag keys are left out: the ring may grow.
std::string text_of(const crypto::Secrets& secrets) {
    const auto mac = crypto::HmacKey(secrets.id_secret).mac({"installation"});
    const auto tag = crypto::HmacKey(secrets.tag_keys.front()).mac({"installation"});
    return "installation=" + orders::Fingerprint{mac}.to_hex() + orders::Fingerprint{tag}.to_hex() + "\n";
}

// A seal that names no secrets.
constexpr auto plain_text = "sealed\n";
constexpr auto whole_seal = "installation";

bool is_there(const std::filesystem::path& file) {
    std::error_code unreadable;
    return std::filesystem::exists(file, unreadable);
}

// None is ever empty once it is sealed: SQLite would take an empty file for a new database.
bool holds_nothing(const std::filesystem::path& file) {
    std::error_code unreadable;
    return std::filesystem::is_regular_file(file, unreadable) && std::filesystem::file_size(file, unreadable) == 0;
}

bool is_whole(const std::filesystem::path& file) { return is_there(file) && !holds_nothing(file); }

std::string read_all(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> parts_of(const WorkerFiles& worker) {
    std::vector<std::filesystem::path> parts;
    if (worker.store) parts.push_back(*worker.store);
    if (worker.ledger) parts.push_back(*worker.ledger);
    return parts;
}

}  // namespace

Result<void> Installation::check_parts() const {
    if (auto here = expect_not_moved(seal_.parent_path()); !here) return here;
    auto seals = other_seals_;
    seals.push_back(seal_);
    const auto seal = std::ranges::find_if(seals, is_there);
    if (seal == seals.end() || !safeguard(Safeguard::installation_check)) return {};
    const auto missing = std::ranges::find_if_not(parts_, is_whole);
    if (missing == parts_.end()) return {};
    return fail(ErrorKind::internal, "installation.incomplete",
                missing->string() + (is_there(*missing) ? " is empty, and " : " is missing, and ") + seal->string() +
                    " says that it was there. Put it back, or restore the whole directory from a backup; a new one "
                    "would lose acknowledged orders. To begin without it on purpose, remove " +
                    seal->string() + " too.");
}

Result<void> Installation::check_secrets(const crypto::Secrets& secrets) const {
    auto seals = other_seals_;
    seals.push_back(seal_);
    for (const auto& seal : seals) {
        if (!is_there(seal) || read_all(seal) == text_of(secrets)) continue;
        return fail(ErrorKind::internal, "installation.other_secrets",
                    "The secrets beside " + seal.string() +
                        " are not those of this installation. Restore the file from a "
                        "backup: with other secrets a repeated key would make another order.");
    }
    return {};
}

Result<void> Installation::seal() const { return write_seal(plain_text); }

Result<void> Installation::seal(const crypto::Secrets& secrets) const { return write_seal(text_of(secrets)); }

Result<void> Installation::write_seal(const std::string& text) const {
    if (is_there(seal_)) return {};
    return write_durably(seal_, text);
}

Installation queue_installation(const std::filesystem::path& data_dir) {
    return {data_dir / "installation-queue", {data_dir / "queue.db"}, {data_dir / whole_seal}};
}

Installation worker_installation(const std::filesystem::path& data_dir, const WorkerFiles& worker) {
    return {data_dir / "installation-worker", parts_of(worker), {data_dir / whole_seal}};
}

Installation api_installation(const std::filesystem::path& data_dir) {
    return {data_dir / "installation-api", {data_dir / "secrets"}, {data_dir / whole_seal}};
}

// Of the other seals only that of the API knows the secrets.
Installation whole_installation(const std::filesystem::path& data_dir, const WorkerFiles& worker) {
    auto parts = parts_of(worker);
    parts.insert(parts.begin(), {data_dir / "secrets", data_dir / "queue.db"});
    return {data_dir / whole_seal, std::move(parts)};
}

Result<void> check_all_parts(const std::filesystem::path& data_dir, const WorkerFiles& worker) {
    for (const auto& installation : {whole_installation(data_dir, worker), queue_installation(data_dir),
                                     worker_installation(data_dir, worker), api_installation(data_dir)}) {
        if (auto whole = installation.check_parts(); !whole) return whole;
    }
    return {};
}

}  // namespace orderflow
