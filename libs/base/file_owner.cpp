#include "libs/base/file_owner.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace orderflow {

void give_to_owner_of(const std::filesystem::path& model, int file) noexcept {
    struct stat about{};
    if (::geteuid() != 0 || ::stat(model.c_str(), &about) != 0) return;
    [[maybe_unused]] const int given = ::fchown(file, about.st_uid, about.st_gid);
}

}  // namespace orderflow
