#include "orderflow/keys_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "api-service/api_key_list.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/sqlite/data_dir_lock.hpp"
#include "orderflow/command_line.hpp"
#include "programs/api_key_file.hpp"
#include "programs/fatal.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

constexpr const char* name = "orderflow keys";

struct KeysArguments {
    std::string file;
    std::string tenant;
    std::vector<std::string> scopes;
    std::string note;
    std::int64_t rate = 0;
    std::int64_t days = 0;
    std::string id;
};

void declare_create(CLI::App& command, KeysArguments& arguments) {
    constexpr std::int64_t days_max = 3650;
    command.add_option("--tenant", arguments.tenant, "whose orders it places and sees: a-z, 0-9, '-' and '_'")
        ->required()
        ->check([](const std::string& text) { return api::is_tenant(text) ? "" : "not the name of a tenant"; });
    command
        .add_option("--scope", arguments.scopes,
                    "orders:write (place, cancel), orders:read, orders:prices (may give the amounts of what it places);"
                    " repeatable [the first two]")
        ->check([](const std::string& text) {
            return api::parse_scope(text) ? std::string()
                                          : "'" + text + "' is none of orders:write, orders:read, orders:prices";
        });
    command.add_option("--note", arguments.note, "for people, up to 100 characters")
        ->check([](const std::string& text) { return text.size() <= api::api_key_note_max ? "" : "too long"; });
    command.add_option("--rate", arguments.rate, "requests per second of this key [those of ORDERFLOW_RATE_TENANT]")
        ->check(CLI::Range(std::int64_t{1}, api::api_key_rate_max));
    command.add_option("--days", arguments.days, "how long it is good [for ever]")
        ->check(CLI::Range(std::int64_t{1}, days_max));
}

// An absent file has no keys.
Result<std::vector<api::ApiKey>> read_or_none(const std::filesystem::path& file) {
    auto keys = read_api_keys(file);
    if (!keys && keys.error().kind() == ErrorKind::not_found) return std::vector<api::ApiKey>();
    return keys;
}

api::ApiKey wanted_key(const KeysArguments& arguments, WallTime now) {
    api::ApiKey key;
    key.tenant = arguments.tenant;
    key.note = arguments.note;
    key.created_at = now;
    if (arguments.rate > 0) key.rate = arguments.rate;
    if (arguments.days > 0) key.expires_at = now + std::chrono::days(arguments.days);
    for (const auto& scope : arguments.scopes) {
        const auto known = api::parse_scope(scope).value();
        if (!key.may(known)) key.scopes.push_back(known);
    }
    if (key.scopes.empty()) key.scopes = {api::Scope::orders_write, api::Scope::orders_read};
    return key;
}

Result<void> create(const std::filesystem::path& file, api::ApiKey key, Entropy& entropy) {
    if (key.may(api::Scope::orders_prices) && !key.may(api::Scope::orders_write)) {
        return fail(ErrorKind::invalid_input, "api_keys.scope_alone",
                    "orders:prices is about orders that the key places: give it --scope orders:write too.");
    }
    auto keys = read_or_none(file);
    if (!keys) return fail(std::move(keys).error());
    if (keys->size() >= api::api_keys_max) {
        return fail(ErrorKind::invalid_input, "api_keys.too_many", file.string() + " has as many keys as it may.");
    }
    const auto text = api::make_api_key(key, entropy, crypto::sha256);
    const auto id = key.id;
    keys->push_back(std::move(key));
    if (auto written = write_api_keys(file, *keys); !written) return written;
    std::printf("%s\n", text.c_str());
    std::fprintf(stderr, "%s: key %s is in %s. It is shown this once: what is kept is its digest.\n", name, id.c_str(),
                 file.c_str());
    return {};
}

Result<void> revoke(const std::filesystem::path& file, const std::string& id, WallTime now) {
    auto keys = read_or_none(file);
    if (!keys) return fail(std::move(keys).error());
    const auto key = std::ranges::find(*keys, id, &api::ApiKey::id);
    if (key == keys->end()) {
        return fail(ErrorKind::not_found, "api_keys.unknown",
                    file.string() + " has no key " + id + ": `orderflow keys list` shows them.");
    }
    if (!key->revoked_at) key->revoked_at = now;
    if (auto written = write_api_keys(file, *keys); !written) return written;
    std::printf("%s is revoked.\n", id.c_str());
    return {};
}

std::string state_of(const api::ApiKey& key, WallTime now) {
    if (key.revoked_at) return "revoked " + contract::to_timestamp(*key.revoked_at);
    if (!key.expires_at) return "good";
    return (key.is_good(now) ? "good until " : "over since ") + contract::to_timestamp(*key.expires_at);
}

Result<void> list(const std::filesystem::path& file, WallTime now) {
    const auto keys = read_or_none(file);
    if (!keys) return fail(keys.error());
    for (const auto& key : *keys) {
        std::string scopes;
        for (const auto scope : key.scopes) scopes.append(scopes.empty() ? "" : ",").append(api::to_string(scope));
        std::printf("%s  %-16s  %-38s  %s%s%s\n", key.id.c_str(), key.tenant.c_str(), scopes.c_str(),
                    state_of(key, now).c_str(), key.note.empty() ? "" : "  ", key.note.c_str());
    }
    return {};
}

}  // namespace

int run_keys(std::span<const char* const> words, const Environment& environment, const Clock& clock, Entropy& entropy) {
    KeysArguments arguments;
    CLI::App app{
        "Makes, lists and revokes the API keys of programs that order. Running programs notice within seconds."};
    app.require_subcommand(1);
    app.add_option("--file", arguments.file, "the file of keys [ORDERFLOW_API_KEYS_FILE, or in the data directory]");
    auto& creating = *app.add_subcommand("create", "makes a key and prints it, this once");
    declare_create(creating, arguments);
    const auto& listing = *app.add_subcommand("list", "prints id, tenant, scopes and state of each key");
    auto& revoking = *app.add_subcommand("revoke", "ends a key");
    revoking.add_option("id", arguments.id, "its id: the 16 digits in the middle of the key")->required();
    if (const auto ended = parse_command_line(app, name, words)) return *ended;

    SettingsReader settings(environment);
    std::filesystem::path file = arguments.file;
    if (file.empty()) file = read_api_key_file_setting(settings, settings.text("ORDERFLOW_DATA_DIR", "data")).path;
    const auto now = clock.wall();
    if (listing.parsed()) {
        const auto listed = list(file, now);
        return listed ? 0 : report_failure(name, listed.error());
    }
    // Two commands at the same time would lose one's change.
    const auto lock = sqlite::DataDirLock::acquire(file.string() + ".lock");
    if (!lock) return report_failure(name, lock.error());
    const auto done =
        creating.parsed() ? create(file, wanted_key(arguments, now), entropy) : revoke(file, arguments.id, now);
    return done ? 0 : report_failure(name, done.error());
}

}  // namespace orderflow
