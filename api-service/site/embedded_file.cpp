#include <algorithm>
#include <stdexcept>
#include <string>

#include "api-service/site/embedded_files.hpp"

namespace orderflow::api {

const EmbeddedFile& embedded_file(std::string_view path) {
    const auto found = std::ranges::find(embedded_files(), path, &EmbeddedFile::path);
    if (found == embedded_files().end()) throw std::logic_error("not built in: " + std::string(path));
    return *found;
}

}  // namespace orderflow::api
