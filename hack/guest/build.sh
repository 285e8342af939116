#!/bin/sh
# The guest that trials and tests of the Qemu provider boot: Debian's kernel and busybox, and an init of ours, in FOLDER.
# Nothing is installed: the packages are unpacked where they are needed.
set -eu
FOLDER=${1:?usage: build.sh FOLDER}
HERE=$(cd "$(dirname "$0")" && pwd)
MODULES='virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci failover net_failover virtio_net virtio_blk scsi_common
scsi_mod virtio_scsi cdrom sr_mod isofs evdev button'

command -v apt-get >/dev/null || { echo 'the guest is built from Debian packages: apt-get is needed' >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[^ ]*\)/\1/p' | head -1)
[ -n "$kernel" ] || { echo 'no linux-image-cloud-amd64 is known: run apt-get update' >&2; exit 1; }
apt-get download -qq "$kernel" busybox-static 2>&1 | grep -v unsandboxed || true
for package in *.deb; do dpkg-deb -x "$package" root; done

mkdir -p tree/bin tree/lib tree/dev tree/proc tree/sys tree/etc "$FOLDER"
busybox=$(find root -path '*bin/busybox' -type f | head -1)
cp "$busybox" tree/bin/busybox
cp "$HERE/init" tree/init
chmod +x tree/init
: > tree/modules
for module in $MODULES; do
  file=$(find root -name "$module.ko" -o -name "$module.ko.xz" | head -1)
  [ -n "$file" ] || continue # built in
  case $file in *.xz) xz -dc "$file" > "tree/lib/$module.ko" ;; *) cp "$file" "tree/lib/$module.ko" ;; esac
  echo "$module.ko" >> tree/modules
done
(cd tree && find . | "$work/$busybox" cpio -o -H newc 2>/dev/null | gzip -9) > initrd
cp root/boot/vmlinuz-* vmlinuz
# Whole or not at all, for whoever looks meanwhile.
mv initrd "$FOLDER/initrd.new" && mv vmlinuz "$FOLDER/vmlinuz.new"
mv "$FOLDER/initrd.new" "$FOLDER/initrd" && mv "$FOLDER/vmlinuz.new" "$FOLDER/vmlinuz"
echo "$FOLDER: $kernel"
