#include "orderflow/backup/manifest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "libs/base/durable_file.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"

namespace orderflow {
namespace {

constexpr std::int64_t manifest_format = 1;
constexpr std::size_t manifest_bytes_max = 1 << 20;
constexpr std::size_t parts_max = 1000;
constexpr std::size_t sha256_digits = 64;

std::unexpected<Error> unreadable(const std::string& why) {
    return fail(ErrorKind::invalid_input, "backup.manifest", std::string(manifest_file) + ": " + why);
}

std::optional<std::int64_t> natural(const json::Value& object, std::string_view name) {
    const auto* value = object.find(name);
    const auto number = value == nullptr ? std::nullopt : value->number();
    if (!number) return std::nullopt;
    const auto read = number->to_int64();
    return read && *read >= 0 ? std::optional(*read) : std::nullopt;
}

std::optional<std::string> text(const json::Value& object, std::string_view name) {
    const auto* value = object.find(name);
    if (value == nullptr || value->string() == nullptr) return std::nullopt;
    return std::string(*value->string());
}

std::optional<bool> flag(const json::Value& object, std::string_view name) {
    const auto* value = object.find(name);
    return value == nullptr ? std::nullopt : value->boolean();
}

bool is_plain_name(const std::string& name) {
    return !name.empty() && !name.starts_with('.') && name.find('/') == std::string::npos;
}

bool is_digest(const std::string& digits) {
    return digits.size() == sha256_digits &&
           std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<BackupPart> read_part(const json::Value& value) {
    const auto name = text(value, "name");
    const auto bytes = natural(value, "bytes");
    const auto sha256 = text(value, "sha256");
    if (!name || !bytes || !sha256 || !is_plain_name(*name) || !is_digest(*sha256)) return std::nullopt;
    return BackupPart{.name = *name,
                      .bytes = static_cast<std::uint64_t>(*bytes),
                      .sha256 = *sha256,
                      .schema_version = natural(value, "schema_version").value_or(0)};
}

}  // namespace

const BackupPart* Manifest::find(std::string_view name) const {
    const auto found = std::ranges::find(parts, name, &BackupPart::name);
    return found == parts.end() ? nullptr : &*found;
}

std::string manifest_json(const Manifest& manifest) {
    json::Writer out;
    out.begin_object().key("format").integer(manifest_format);
    out.key("made_at").string(contract::to_timestamp(manifest.made_at));
    out.key("program_version").string(manifest.program_version);
    out.key("has_store").boolean(manifest.has_store).key("has_ledger").boolean(manifest.has_ledger);
    out.key("files").begin_array();
    for (const auto& part : manifest.parts) {
        out.begin_object().key("name").string(part.name);
        out.key("bytes").integer(static_cast<std::int64_t>(part.bytes)).key("sha256").string(part.sha256);
        if (part.schema_version > 0) out.key("schema_version").integer(part.schema_version);
        out.end_object();
    }
    return std::move(out.end_array().end_object()).take() + "\n";
}

Result<Manifest> read_manifest_json(std::string_view written) {
    const auto document = json::parse(written, {.bytes = manifest_bytes_max});
    if (!document) return unreadable(document.error().detail());
    if (natural(*document, "format") != manifest_format) {
        return unreadable("it is not of format 1: use the program that made this backup");
    }
    const auto made_at = contract::parse_timestamp(text(*document, "made_at").value_or(""));
    const auto has_store = flag(*document, "has_store");
    const auto has_ledger = flag(*document, "has_ledger");
    const auto* files = document->find("files");
    if (!made_at || !has_store || !has_ledger || files == nullptr || files->array() == nullptr) {
        return unreadable("a member is missing");
    }
    Manifest manifest{.program_version = text(*document, "program_version").value_or(""),
                      .made_at = *made_at,
                      .has_store = *has_store,
                      .has_ledger = *has_ledger};
    if (files->array()->size() > parts_max) return unreadable("it names too many files");
    for (const auto& file : *files->array()) {
        auto part = read_part(file);
        if (!part) return unreadable("a file is described badly");
        manifest.parts.push_back(*std::move(part));
    }
    return manifest;
}

Result<void> write_manifest(const std::filesystem::path& directory, const Manifest& manifest) {
    return write_durably(directory / manifest_file, manifest_json(manifest));
}

Result<Manifest> read_manifest(const std::filesystem::path& directory) {
    std::error_code unknown;
    std::ifstream in;
    if (std::filesystem::is_regular_file(directory / manifest_file, unknown)) in.open(directory / manifest_file);
    if (!in.is_open()) {
        return fail(ErrorKind::not_found, "backup.incomplete",
                    (directory / manifest_file).string() +
                        " is not there or cannot be read: this is no backup, or one that was cut off. The manifest is "
                        "written when everything else is on the disk");
    }
    std::string written;
    written.resize(manifest_bytes_max + 1);
    in.read(written.data(), static_cast<std::streamsize>(written.size()));
    written.resize(static_cast<std::size_t>(in.gcount()));
    return read_manifest_json(written);
}

}  // namespace orderflow
