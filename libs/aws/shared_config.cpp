#include "libs/aws/shared_config.hpp"

#include <algorithm>
#include <utility>

#include "libs/aws/ascii_names.hpp"

namespace orderflow::aws {
namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

// A comment inside a line starts after a blank.
std::string_view without_comment(std::string_view line) {
    if (line.starts_with('#') || line.starts_with(';')) return {};
    for (const std::string_view mark : {" #", " ;", "\t#", "\t;"}) line = line.substr(0, line.find(mark));
    return line;
}

std::unexpected<Error> malformed(std::size_t line, std::string_view why) {
    return fail(ErrorKind::invalid_input, "credentials.malformed",
                "line " + std::to_string(line) + ": " + std::string(why));
}

Result<SharedConfig> read_config(FileReader& files, const std::string& path) {
    if (path.empty()) return SharedConfig{};
    const auto text = read_settings_file(files, path);
    if (!text && text.error().code() == "file.missing") return SharedConfig{};
    if (!text) return fail(text.error());
    auto config = parse_shared_config(*text);
    if (config) return config;
    return fail(ErrorKind::invalid_input, "credentials.malformed", path + ", " + config.error().detail());
}

// The path of a setting, or the usual one; empty when the home directory is not known.
std::string config_path(const Surroundings& surroundings, std::string_view setting, std::string_view usual) {
    auto path = surroundings.setting(setting).value_or("~/.aws/" + std::string(usual));
    if (!path.starts_with("~/")) return path;
    const auto home = surroundings.setting("HOME");
    return home ? *home + path.substr(1) : std::string();
}

}  // namespace

Result<std::string> read_settings_file(FileReader& files, const std::string& path) {
    auto text = files.read(path, file_bytes_max);
    if (text || text.error().code() == "file.missing") return text;
    return fail(ErrorKind::internal, "credentials.unreadable", text.error().detail());
}

Result<SharedConfig> parse_shared_config(std::string_view text) {
    SharedConfig config;
    ConfigSection* section = nullptr;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto raw = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), raw.size() + 1));
        const auto line = trimmed(without_comment(raw));
        if (line.empty()) continue;
        const bool nested = blanks.contains(raw.front());
        if (line.starts_with('[')) {
            if (!line.ends_with(']')) return malformed(number, "the section's bracket is not closed");
            section = &config[std::string(trimmed(line.substr(1, line.size() - 2)))];
            continue;
        }
        if (section == nullptr) return malformed(number, "a setting before the first section");
        if (nested) continue;
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || equals == 0) return malformed(number, "not of the form name = value");
        std::string name(trimmed(line.substr(0, equals)));
        std::ranges::transform(name, name.begin(), lower_case);
        (*section)[std::move(name)] = std::string(trimmed(line.substr(equals + 1)));
    }
    return config;
}

Result<Profile> load_profile(const Surroundings& surroundings) {
    const auto named = surroundings.setting("AWS_PROFILE");
    Profile profile{.name = named.value_or("default"), .named = named.has_value(), .settings = {}};

    auto config = read_config(surroundings.files, config_path(surroundings, "AWS_CONFIG_FILE", "config"));
    if (!config) return fail(std::move(config).error());
    auto keys =
        read_config(surroundings.files, config_path(surroundings, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
    if (!keys) return fail(std::move(keys).error());

    auto in_config = config->find("profile " + profile.name);
    if (in_config == config->end() && profile.name == "default") in_config = config->find(profile.name);
    const auto in_keys = keys->find(profile.name);
    if (in_config == config->end() && in_keys == keys->end() && profile.named) {
        return fail(ErrorKind::invalid_input, "credentials.profile_missing",
                    "AWS_PROFILE names the profile '" + profile.name + "', which no file has.");
    }
    if (in_config != config->end()) profile.settings = in_config->second;
    if (in_keys == keys->end()) return profile;
    if (in_keys->second.contains("aws_access_key_id")) {
        for (const auto* const name : {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}) {
            profile.settings.erase(name);
        }
    }
    for (const auto& [name, value] : in_keys->second) profile.settings[name] = value;
    return profile;
}

Result<std::string> configured_region(const Surroundings& surroundings) {
    for (const auto* const name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
        if (auto region = surroundings.setting(name)) return *std::move(region);
    }
    auto profile = load_profile(surroundings);
    if (!profile) return fail(std::move(profile).error());
    return profile->settings["region"];
}

}  // namespace orderflow::aws
