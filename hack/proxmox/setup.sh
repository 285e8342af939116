#!/bin/sh
# The least that the operator's token needs in Proxmox VE, on a node of the cluster as root. Run again, it changes nothing that is right.
#   setup.sh --pool burst --templates 9001,9002 --disks local-lvm --seeds seeds --bridge vmbr0 [--vlan 20]
# It prints the token once: put it into a Secret in the operator's namespace.
set -eu
USER=burst@pve TOKEN=operator POOL=burst TEMPLATES='' DISKS='' SEEDS='' BRIDGE='' VLAN=''
while [ $# -gt 0 ]; do
  case $1 in
    --pool) POOL=$2 ;; --templates) TEMPLATES=$2 ;; --disks) DISKS=$2 ;; --seeds) SEEDS=$2 ;; --bridge) BRIDGE=$2 ;; --vlan) VLAN=$2 ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
  esac
  shift 2
done

role() { pveum role add "$1" --privs "$2" 2>/dev/null || pveum role modify "$1" --privs "$2"; }
# What a token may do is what its user and it may both do.
grant() {
  pveum acl modify "$1" --users "$USER" --roles "$2"
  pveum acl modify "$1" --tokens "$USER!$TOKEN" --roles "$2"
}

pveum user list --noborder --noheader | grep -q "^$USER " || pveum user add "$USER"
pveum user token list "$USER" --noborder --noheader | grep -q "^$TOKEN " || pveum user token add "$USER" "$TOKEN" --privsep 1
pvesh get "/pools/$POOL" >/dev/null 2>&1 || pvesh create /pools --poolid "$POOL"

role CortexMachines 'VM.Allocate VM.Audit VM.PowerMgmt Pool.Audit VM.Config.CPU VM.Config.Memory VM.Config.Disk VM.Config.CDROM VM.Config.Network VM.Config.Options VM.Config.HWType'
role CortexTemplate 'VM.Audit VM.Clone'
role CortexHosts 'Sys.Audit'
role CortexDisks 'Datastore.AllocateSpace'
role CortexSeeds 'Datastore.Audit Datastore.AllocateTemplate Datastore.Allocate'
role CortexNetwork 'SDN.Use'

grant "/pool/$POOL" CortexMachines
grant /nodes CortexHosts
for vmid in $(echo "$TEMPLATES" | tr ',' ' '); do grant "/vms/$vmid" CortexTemplate; done
[ -z "$DISKS" ] || grant "/storage/$DISKS" CortexDisks
[ -z "$SEEDS" ] || grant "/storage/$SEEDS" CortexSeeds
[ -z "$BRIDGE" ] || grant "/sdn/zones/localnetwork/$BRIDGE${VLAN:+/$VLAN}" CortexNetwork
