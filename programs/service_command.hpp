// The command line of a service: nothing, --check, --health or --help. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace orderflow {

enum class ServiceCommand : std::uint8_t { run, check, health, help };

// Of the words behind the program's name. The error says which word is wrong, for people.
std::expected<ServiceCommand, std::string> read_service_command(std::span<const char* const> words);

}  // namespace orderflow
