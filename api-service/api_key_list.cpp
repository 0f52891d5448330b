#include "api-service/api_key_list.hpp"

#include <set>

#include "libs/contract/object_reader.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/writer.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::api {
namespace {

using contract::FieldErrors;
using contract::ObjectReader;
using contract::Presence;
using contract::Rule;

// A digest and a fingerprint are both SHA-256 in hexadecimal digits.
std::string hex(const std::array<std::byte, 32>& digest) { return orders::Fingerprint{digest}.to_hex(); }

std::unexpected<Error> malformed(std::string detail) {
    return fail(ErrorKind::invalid_input, "api_keys.malformed", std::move(detail));
}

bool is_id(std::string_view text) {
    return text.size() == api_key_id_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<WallTime> read_time(ObjectReader& reader, std::string_view name, Presence presence) {
    const auto text = reader.exact(name, presence);
    if (!text) return std::nullopt;
    const auto time = contract::parse_timestamp(*text);
    if (!time) reader.report(name, Rule::invalid_format, "Must be a time such as 2026-11-22T09:14:07.101Z.");
    return time;
}

std::vector<Scope> read_scopes(ObjectReader& reader) {
    std::vector<Scope> scopes;
    const auto* list = reader.member("scopes", Presence::required);
    if (list == nullptr) return scopes;
    if (list->array() == nullptr) {
        reader.report("scopes", Rule::wrong_type, "Must be an array.");
        return scopes;
    }
    for (const auto& item : *list->array()) {
        const auto scope = item.string() != nullptr ? parse_scope(*item.string()) : std::nullopt;
        if (scope) {
            scopes.push_back(*scope);
        } else {
            reader.report("scopes", Rule::invalid_format, "Must be orders:write, orders:read or orders:prices.");
        }
    }
    return scopes;
}

ApiKey read_key(const json::Value& value, json::Place place, FieldErrors& errors) {
    ObjectReader reader(value, place, errors);
    ApiKey key;
    key.id = reader.exact("id", Presence::required).value_or("");
    if (reader.is_object() && !is_id(key.id)) reader.report("id", Rule::invalid_format, "Must be 16 hex digits.");
    key.tenant = reader.exact("tenant", Presence::required).value_or("");
    if (reader.is_object() && !is_tenant(key.tenant)) {
        reader.report("tenant", Rule::invalid_format, "Must be 1 to 64 characters a-z, 0-9, '-' and '_'.");
    }
    key.scopes = read_scopes(reader);
    const auto digest = orders::Fingerprint::from_hex(reader.exact("digest", Presence::required).value_or(""));
    if (digest) key.digest = digest->bytes;
    if (reader.is_object() && !digest) reader.report("digest", Rule::invalid_format, "Must be 64 hex digits.");
    key.note = reader.text("note", Presence::optional, {.max = api_key_note_max}).value_or("");
    key.rate = reader.integer("rate", Presence::optional, 1, api_key_rate_max);
    key.created_at = read_time(reader, "created_at", Presence::required).value_or(WallTime());
    key.expires_at = read_time(reader, "expires_at", Presence::optional);
    key.revoked_at = read_time(reader, "revoked_at", Presence::optional);
    reader.finish();
    return key;
}

void write_key(json::Writer& out, const ApiKey& key) {
    out.begin_object().key("id").string(key.id).key("tenant").string(key.tenant).key("scopes").begin_array();
    for (const auto scope : key.scopes) out.string(to_string(scope));
    out.end_array().key("digest").string(hex(key.digest));
    if (!key.note.empty()) out.key("note").string(key.note);
    if (key.rate) out.key("rate").integer(*key.rate);
    out.key("created_at").string(contract::to_timestamp(key.created_at));
    if (key.expires_at) out.key("expires_at").string(contract::to_timestamp(*key.expires_at));
    if (key.revoked_at) out.key("revoked_at").string(contract::to_timestamp(*key.revoked_at));
    out.end_object();
}

}  // namespace

std::string encode_api_keys(const std::vector<ApiKey>& keys) {
    std::string text = "{\"keys\":[";
    for (const auto& key : keys) {
        json::Writer line;
        write_key(line, key);
        text += (&key == keys.data() ? "\n" : ",\n") + std::move(line).take();
    }
    return text + "\n]}\n";
}

Result<std::vector<ApiKey>> decode_api_keys(std::string_view text) {
    const auto document = json::parse(text, {.bytes = api_key_list_bytes_max});
    if (!document) return malformed("It is not JSON, or too large.");
    if (!json::duplicate_members(*document).empty()) return malformed("A member stands there twice.");
    FieldErrors errors;
    ObjectReader reader(*document, json::whole_document, errors);
    const auto* list = reader.member("keys", Presence::required);
    reader.finish();
    if (!errors.empty() || list->array() == nullptr) return malformed("It is not {\"keys\":[...]}.");
    if (list->array()->size() > api_keys_max) return malformed("It has too many keys.");
    std::vector<ApiKey> keys;
    std::set<std::string, std::less<>> ids;
    const auto keys_place = reader.place_of("keys");
    for (const auto& item : *list->array()) {
        keys.push_back(read_key(item, {.parent = &keys_place, .index = keys.size(), .in_array = true}, errors));
        if (!ids.insert(keys.back().id).second) return malformed("The id " + keys.back().id + " stands there twice.");
    }
    if (errors.empty()) return keys;
    const auto& first = errors.reported().front();
    return malformed(first.pointer + ": " + first.detail);
}

}  // namespace orderflow::api
