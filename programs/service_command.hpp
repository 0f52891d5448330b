// The command line of a service: nothing, --check, --health, --help, or one that it has for itself. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace orderflow {

enum class ServiceCommand : std::uint8_t { run, check, health, help, lambda };

// Of the words behind the program's name; `lambda`: whether there is --lambda. The error says which word is wrong, for
// people.
std::expected<ServiceCommand, std::string> read_service_command(std::span<const char* const> words,
                                                                bool lambda = false);

}  // namespace orderflow
