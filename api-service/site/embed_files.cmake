# Writes a C++ file with the content of the files of the site, each as it is and compressed, so that the programs need
# nothing beside themselves.
#   cmake -DOUTPUT=<file.cpp> -DROOT=<folder> -DFILES=<a;b;...> -P embed_files.cmake
# A file is known by its path below ROOT.

function(to_bytes file out)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "((............................),)" "\\1" bytes "${bytes}")
  set(${out} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(index 0)
foreach(name IN LISTS FILES)
  set(file ${ROOT}/${name})
  set(packed ${OUTPUT}.gz)
  file(ARCHIVE_CREATE OUTPUT ${packed} PATHS ${file} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 32 tag)
  to_bytes(${file} plain_bytes)
  to_bytes(${packed} packed_bytes)
  string(APPEND arrays "constexpr char plain_${index}[] = {${plain_bytes}};\n")
  string(APPEND arrays "constexpr char packed_${index}[] = {${packed_bytes}};\n")
  string(APPEND rows "    {\"${name}\", {plain_${index}, sizeof(plain_${index})},\n"
    "     {packed_${index}, sizeof(packed_${index})}, \"${tag}\"},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(REMOVE ${OUTPUT}.gz)

file(WRITE ${OUTPUT} "// Made by api-service/site/embed_files.cmake.
#include \"api-service/site/embedded_files.hpp\"

namespace orderflow::api {
namespace {

${arrays}
constexpr EmbeddedFile files[] = {
${rows}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return files; }

}  // namespace orderflow::api
")
