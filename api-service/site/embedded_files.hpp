// The files of the site and of the contract, built into the program.
#pragma once

#include <span>
#include <string_view>

namespace orderflow::api {

struct EmbeddedFile {
    // "site/index.html" as tools/site/assemble.sh makes it, "contracts/openapi.json" below the repository's root
    std::string_view path;
    std::string_view plain;   // as it is
    std::string_view packed;  // the same as gzip
    std::string_view digest;  // 64 bits of its SHA-256, hexadecimal: changes with the content
};

// For ever. Any thread. Defined in a file that the build makes (embed_files.cmake).
std::span<const EmbeddedFile> embedded_files();

// Throws std::logic_error when the build left the file out: a fault of the build, seen at start.
const EmbeddedFile& embedded_file(std::string_view path);

}  // namespace orderflow::api
